/** What a plugin may use of the program that loads it. */
export interface PluginHost {
  /** Asks before something is installed on this host. Absent: nothing may be installed. */
  readonly consent?: (question: string) => Promise<boolean>;
}
