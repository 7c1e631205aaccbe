import type { ProcessExit } from "@glovebox/core/provider";

/** The size of a terminal, in characters. */
export interface TerminalRequest {
  readonly columns: number;
  readonly rows: number;
}

/** What a spawn's body begins with, as a length-prefixed JSON; `stdinBytes` bytes of input follow it. */
export interface SpawnRequest {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly tag?: string;
  /** As root; only where the sandbox has a root of its own. */
  readonly asRoot?: boolean;
  readonly output: "attached" | "detached";
  /** `bytes`: `stdinBytes` of them follow, then the input is closed. */
  readonly stdin: "closed" | "open" | "bytes";
  readonly stdinBytes: number;
  /** Gives it a terminal of its own; its input is `open` then. */
  readonly terminal?: TerminalRequest;
}

/** What a sandbox is given once it runs. What is absent stays as it was. */
export interface ConfigureRequest {
  /** The environment of every process from here on, in place of what was set before. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables under `env` and over the image's own, in place of what was set before. */
  readonly baseEnv?: Readonly<Record<string, string>>;
  /**
   * Certificates in PEM, 1 MiB at most, that the sandbox trusts beside the public ones. Root writes them into
   * `supervisorPaths.certificates` and into the system's stores. Those that were given before stay trusted.
   */
  readonly certificates?: string;
  /**
   * Ports of loopback that are the host's: what programs ask the proxy for there goes out. At every other port a name of this
   * sandbox (`localhost`, `127.0.0.2`, `0.0.0.0`) is the sandbox itself. Default: none.
   */
  readonly hostPorts?: readonly number[] | "any";
}

/** Sent on every connection's event stream, each as length-prefixed JSON. */
export interface ExitEvent {
  readonly id: string;
  readonly exit: ProcessExit;
}

/** A {@link ProcessInfo} on the wire. Its age rather than its time of day: the two clocks may differ. */
export interface ProcessRecord {
  readonly id: string;
  readonly pid?: number;
  readonly argv: readonly string[];
  readonly tag?: string;
  readonly ageMs: number;
  readonly exit?: ProcessExit;
}

/** A {@link FileInfo} on the wire. */
export interface FileRecord {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly size: number;
  readonly mode: number;
  readonly modifiedAtMs: number;
  readonly target?: string;
}

/** One file operation. A body of length-prefixed pieces follows where the operation takes one; a length of 0 ends it. */
export interface FileRequest {
  readonly path: string;
  readonly to?: string;
  readonly mode?: number;
  readonly exclude?: readonly string[];
  /** Of a `get`: refuses with `large` what weighs more and can be read by other means as well. In bytes. */
  readonly largeAboveBytes?: number;
}

export type FileOperation = "read" | "write" | "stat" | "list" | "mkdir" | "move" | "remove" | "put" | "get" | "watch";

/** The maximum number of changes in one message. */
export const maxChangesAtOnce = 256;

/** What an answer that is not 2xx holds, and the trailer `glovebox-error` (base64url). */
export interface Failure {
  readonly code:
    | "not-found"
    | "process"
    | "file"
    | "invalid-options"
    | "internal"
    | "large"
    | "stopped"
    | "capability-unsupported";
  readonly message: string;
  readonly hint?: string;
  /** Of `large`: how many entries the archive would have. */
  readonly entries?: number;
}

/** The trailer that says that a body came to its end: without it the body was broken off. */
export const endTrailer = "glovebox-end";
export const errorTrailer = "glovebox-error";
export const pidHeader = "glovebox-pid";
/** `80x24@4096` on the answer to an attach: the size of a process's terminal, and where its output ends. */
export const terminalHeader = "glovebox-terminal";
/** Base64url JSON of the exit of a process that has ended, on the answer to an attach. */
export const exitHeader = "glovebox-exit";
