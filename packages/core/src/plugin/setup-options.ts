/** How a plugin sets up this host. */
export interface SetupOptions {
  /** Asks before anything is installed or started. */
  readonly consent: (question: string) => Promise<boolean>;
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}
