/** A program that runs in the sandbox beside the harness: a database, a development server. */
export interface StartCommand {
  /** Started in the workspace as the sandbox's user. No shell reads it; use `["/bin/sh", "-c", script]` for one. */
  readonly argv: readonly [string, ...string[]];
  /** What has to be true before the harness starts. By default it is enough that the program was started. */
  readonly ready?: Readiness;
  /** How long that may take, in milliseconds. Default: 60 seconds. */
  readonly timeoutMs?: number;
}

/** How a start command shows that it is ready; tested again until it does. */
export type Readiness =
  /** Exits with 0. */
  | { readonly argv: readonly [string, ...string[]] }
  /** A TCP port that listens, on any address in the sandbox. */
  | { readonly port: number }
  /** A path that exists; relative to the workspace unless it is absolute. */
  | { readonly file: string };
