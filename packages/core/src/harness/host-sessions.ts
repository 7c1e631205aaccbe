/** Where a conversation is to be continued on the host. */
export interface HostPlace {
  /** The directory that the program will be started in, a real path. */
  readonly workspace: string;
  /** The user's home directory. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a conversation from a sandbox continues in the same program on the host. */
export interface HostSessions {
  /** The name of the file that holds a conversation, in `HarnessSessions.directory` as on the host. */
  file(sessionId: string): string;
  /** The directory on the host that has the conversations of a place. Throws `invalid-options` where that is not known. */
  directory(place: HostPlace): string;
  /** A new id for a conversation. */
  newId(): string;
  /**
   * The conversation's file for that place, under an id. The content comes from anyone: only what was said is kept of it, nothing that
   * would change what the program does or may do on the host. Throws `invalid-options` where nothing is left.
   */
  translate(content: string, options: { readonly workspace: string; readonly sessionId: string }): string;
  /** The command that continues it there. */
  command(sessionId: string): readonly string[];
}
