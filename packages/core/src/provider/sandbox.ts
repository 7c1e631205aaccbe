import type { CallOptions } from "./call-options.ts";
import type { EgressObserver, EgressPolicy } from "./egress-policy.ts";
import type { FileChange, WatchOptions } from "./file-change.ts";
import type { SandboxEndpoint } from "./sandbox-endpoint.ts";
import type { SandboxFiles } from "./sandbox-files.ts";
import type { ProcessInfo, SandboxProcess, SpawnOptions } from "./sandbox-process.ts";
import type { AttachedTerminal, SandboxTerminal, TerminalOptions } from "./sandbox-terminal.ts";
import type { Template } from "./template.ts";

/** Limits of a sandbox. One that is given is enforced and read back, or `create` refuses. */
export interface Resources {
  /** Processor time, in processors: 1.5. */
  readonly cpus?: number;
  /** Memory, swap included, in MiB. */
  readonly memoryMiB?: number;
  /** Processes and threads. */
  readonly pids?: number;
  readonly diskMiB?: number;
  /** Open files a process. */
  readonly openFiles?: number;
  /** Size of /tmp in MiB; it counts as memory. */
  readonly tmpMiB?: number;
  /** Size of /dev/shm in MiB, which browsers need; it counts as memory. */
  readonly shmMiB?: number;
}

/** A directory of the host that a sandbox sees. */
export interface Mount {
  /** Absolute path on the host. */
  readonly source: string;
  /** Absolute path in the sandbox. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** The user that everything in a sandbox runs as. */
export const sandboxUser = { uid: 1000, gid: 1000, name: "agent", home: "/home/agent" } as const;

/** Where the work lies in every sandbox. */
export const workspaceDir = "/workspace";

/** The label that holds the owner: whoever may collect and remove the sandbox. */
export const ownerLabel = "glovebox.owner";

/** The label that holds the run's id. */
export const runLabel = "glovebox.run";

/** Everything that a provider needs to create a sandbox. */
export interface SandboxSpec {
  readonly template: Template;
  /** At most 16; keys `[a-z0-9._-]{1,63}`, values of at most 256 bytes. `glovebox.owner` and `glovebox.run` are required. */
  readonly labels: Readonly<Record<string, string>>;
  /** The lease, from now, in milliseconds. When it ends the sandbox stops and stays recoverable. */
  readonly ttlMs: number;
  /** The environment of every process; nothing is inherited from the host. */
  readonly env: Readonly<Record<string, string>>;
  readonly resources?: Resources;
  readonly egress: EgressPolicy;
  readonly mounts?: readonly Mount[];
  /** Lets the sandbox's own root exist: apt and sudo work, and the agent can reach the supervisor. */
  readonly rootInside?: boolean;
  /** After a `create` that failed with `mayHaveCreated`, the same key finds what it made instead of making a second one. */
  readonly idempotencyKey: string;
}

/** What a sandbox does. `unknown`: the provider cannot tell. */
export type SandboxState = "starting" | "running" | "paused" | "stopped" | "unknown";

/** What a provider knows about a sandbox. */
export interface SandboxInfo {
  readonly id: string;
  readonly providerId: string;
  readonly state: SandboxState;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  /** When it stops or has stopped by itself. Absent when the provider cannot tell without disturbing the sandbox. */
  readonly leaseEndsAt?: Date;
  readonly templateDigest?: string;
  /** As enforced, not as asked. */
  readonly resources?: Resources;
  readonly rootInside: boolean;
}

/** What a sandbox uses at one moment. */
export interface SandboxStats {
  /** Processor time used by everything that runs for the user, in milliseconds; only ever grows while they live. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly processes: number;
  /** Processes that the kernel ended because the memory limit was reached. */
  readonly oomKills: number;
}

/**
 * A handle on a sandbox that runs. A call whose capability the provider does not claim rejects with
 * `capability-unsupported`.
 */
export interface Sandbox {
  readonly id: string;
  readonly providerId: string;
  /** The base URL of each model route as a process inside reaches it, by the route's id. */
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly files: SandboxFiles;
  info(options?: CallOptions): Promise<SandboxInfo>;
  /**
   * Starts a program: `argv` reaches it untouched by any shell. Resolves when it runs; a missing program or directory is a
   * `process` error. A non-zero exit is a result, not an error.
   */
  spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<SandboxProcess>;
  processes(options?: CallOptions): Promise<readonly ProcessInfo[]>;
  /** Reads a process's output from a byte offset on, also after its end. Unknown ids are `not-found`. */
  attach(processId: string, fromOffset: number, options?: CallOptions): Promise<SandboxProcess>;
  /** As `attach`, for a process that has a terminal, whichever handle opened it. `invalid-options` for one that has none. */
  attachTerminal(processId: string, fromOffset: number, options?: CallOptions): Promise<AttachedTerminal>;
  /** Sets the lease to end `ttlMs` from now, and resolves to that moment. */
  extend(ttlMs: number, options?: CallOptions): Promise<Date>;
  /** Ends every process of the sandbox's user, however it hides. Resolves when none is left. */
  quiesce(options?: CallOptions): Promise<void>;
  stats(options?: CallOptions): Promise<SandboxStats>;
  /** As `spawn`, in a terminal of its own. */
  pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal>;
  /** Opens a way to a TCP port of the sandbox's loopback; something may begin to listen there later. */
  endpoint(port: number, options?: CallOptions): Promise<SandboxEndpoint>;
  /**
   * Tells what changes below a directory. Resolves when it watches: no later change is missed without an `overflow`. Links
   * are not followed. Ends when the signal is aborted or the reader stops; throws `file` when `quiesce` ends it or the
   * directory itself goes away, `lost` when the connection breaks.
   */
  watch(path: string, options?: WatchOptions): Promise<AsyncIterable<FileChange>>;
  /**
   * Freezes everything that runs; memory and files stay. The handle is closed. A paused sandbox has no lease and is left
   * alone by a reaper: whoever pauses it destroys it, or wakes it by `connect(id, { wakeForMs })` with a lease of its own.
   */
  pause(options?: CallOptions): Promise<void>;
  /**
   * Its files as they are at one moment, as a template for further sandboxes. What is in memory is not kept: processes,
   * `/tmp`; nor are mounts. It stays until it is removed: by `SandboxProvider.removeSnapshot`, or by the provider's own means.
   */
  snapshot(options?: CallOptions): Promise<Template>;
  /** Releases the handle; the sandbox lives on until its lease ends. */
  close(): Promise<void>;
  /** Resolves when the sandbox is confirmed gone. Idempotent. */
  destroy(options?: CallOptions): Promise<void>;
  /** Destroys what this handle created, closes what it connected to. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options of `create` beside the spec. */
export interface CreateOptions extends CallOptions {
  readonly egressObserver?: EgressObserver;
}

/** How a provider connects to an existing sandbox. Every option may be left out. */
export interface ConnectOptions extends CallOptions {
  /**
   * Starts a sandbox that has stopped or is paused, with this lease in milliseconds. Without it such a one is a `stopped`
   * error.
   */
  readonly wakeForMs?: number;
  /** Takes the egress over: requests from inside are served by this process. Without it nothing goes out. */
  readonly egress?: EgressPolicy;
  readonly egressObserver?: EgressObserver;
}
