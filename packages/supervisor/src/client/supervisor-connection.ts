import type { Duplex } from "node:stream";
import type {
  AttachedTerminal,
  CallOptions,
  FileChange,
  ProcessInfo,
  Resources,
  SandboxEndpoint,
  SandboxFiles,
  SandboxProcess,
  SandboxStats,
  SandboxTerminal,
  SpawnOptions,
  TerminalOptions,
  WatchOptions,
} from "@glovebox/core/provider";
import type { ConfigureRequest } from "../protocol/messages.ts";
import type { SealReport } from "../protocol/seal-report.ts";
import type { LargeDirectoryReader } from "./files/large-directory-reader.ts";

/**
 * A connection to the supervisor of one sandbox. Every failure is a `SandboxError`; when the connection breaks, what was
 * under way fails with `lost`.
 */
export interface SupervisorConnection {
  /** The supervisor's own version. */
  readonly version: string;
  readonly files: SandboxFiles;
  /** Sets the environment of what is started from here on, and which certificates the sandbox trusts. */
  configure(options: ConfigureRequest, call?: CallOptions): Promise<void>;
  /** As `Sandbox.spawn`. Output that nobody reads holds a process up only once the guest's ring of 8 MiB is full. */
  spawn(argv: readonly [string, ...string[]], options?: SpawnOptions): Promise<SandboxProcess>;
  /** As `Sandbox.pty`, where the sandbox holds util-linux's `script`; `capability-unsupported` elsewhere. */
  pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal>;
  /** As `Sandbox.attach`. */
  attach(processId: string, fromOffset: number, call?: CallOptions): Promise<SandboxProcess>;
  /** As `Sandbox.attachTerminal`. */
  attachTerminal(processId: string, fromOffset: number, call?: CallOptions): Promise<AttachedTerminal>;
  processes(call?: CallOptions): Promise<readonly ProcessInfo[]>;
  /** What the supervisor found when it tried whether its network is shut. */
  seal(call?: CallOptions): Promise<SealReport>;
  /** Ends every process that is not root's. Resolves when none is left. */
  quiesce(call?: CallOptions): Promise<void>;
  /**
   * Stops every process that is not root's while `work` runs. They continue after it, also when the connection breaks.
   */
  whileStopped<T>(work: () => Promise<T>, call?: CallOptions): Promise<T>;
  /** Sets the lease to end `ttlMs` from now. Resolves to that moment by the host's clock. */
  extend(ttlMs: number, call?: CallOptions): Promise<Date>;
  /**
   * The sandbox is about to be frozen: its lease does not end it before half a minute of running has passed, so that there
   * is time for `extend` when it runs on.
   */
  holdLease(call?: CallOptions): Promise<void>;
  /** When the lease ends, by the host's clock. */
  leaseEndsAt(call?: CallOptions): Promise<Date>;
  /** The limits as the kernel enforces them, read inside. One that is not limited is absent. */
  resources(call?: CallOptions): Promise<Resources>;
  stats(call?: CallOptions): Promise<SandboxStats>;
  /**
   * Lets `files.getArchive` read directories of more than some 16 MiB or 1,000 entries with `reader`, where the result is the
   * same: no process of the user's is running, and the directory holds nothing that only the user may read. When the reader
   * rejects, the directory is read as usual.
   */
  readLargeDirectories(reader: LargeDirectoryReader): void;
  /**
   * Serves connections that processes inside make to the supervisor's loopback port: raw byte streams that half-close
   * like sockets, fit for `server.emit("connection", socket)` of `node:http`. Call it at most once a connection.
   */
  serveEgress(onConnection: (socket: Duplex) => void): void;
  /** As `Sandbox.watch`. */
  watch(path: string, options?: WatchOptions): Promise<AsyncIterable<FileChange>>;
  /** As `Sandbox.endpoint`; closed with the connection. */
  endpoint(port: number, call?: CallOptions): Promise<SandboxEndpoint>;
  /** Settles when the connection is gone, for whatever reason. Never rejects. */
  readonly closed: Promise<void>;
  /** Closes the connection: processes keep running, and pending calls fail with `lost`. Idempotent. */
  close(): Promise<void>;
}
