import { randomUUID } from "node:crypto";
import { type ClientHttp2Session, constants, type IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import type {
  AttachedTerminal,
  CallOptions,
  FileChange,
  ProcessInfo,
  Resources,
  SandboxEndpoint,
  SandboxProcess,
  SandboxStats,
  SandboxTerminal,
  SpawnOptions,
  TerminalOptions,
  WatchOptions,
} from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import { lengthPrefixed } from "../protocol/length-prefix.ts";
import {
  type ConfigureRequest,
  exitHeader,
  type ProcessRecord,
  pidHeader,
  terminalHeader,
} from "../protocol/messages.ts";
import type { SealReport } from "../protocol/seal-report.ts";
import { egressPort } from "../supervisor-config.ts";
import { keepEgressPool } from "./egress-pool.ts";
import type { LargeDirectoryReader } from "./files/large-directory-reader.ts";
import { RemoteFiles } from "./files/remote-files.ts";
import { parseSealReport } from "./parse-seal-report.ts";
import { ExitListener } from "./processes/exit-listener.ts";
import { parseExit } from "./processes/parse-exit.ts";
import { RemoteProcess, type RemoteProcessOptions } from "./processes/remote-process.ts";
import { RemoteAttachedTerminal, RemoteTerminal } from "./processes/remote-terminal.ts";
import { type StartRequest, spawnRequest } from "./processes/start-request.ts";
import { RequestChannel } from "./request-channel.ts";
import type { SupervisorConnection } from "./supervisor-connection.ts";
import { TunnelServer } from "./tunnel-server.ts";

/** How long what carries the connection may take to end in good order. */
const farewellMs = 1000;

export interface Http2SupervisorOptions {
  readonly session: ClientHttp2Session;
  readonly duplex: Duplex;
  readonly providerId: string;
  readonly version: string;
}

/** The connection over one HTTP/2 session. */
export class Http2Supervisor implements SupervisorConnection {
  readonly version: string;
  readonly files: RemoteFiles;
  readonly closed: Promise<void>;
  readonly #session: ClientHttp2Session;
  readonly #duplex: Duplex;
  readonly #channel: RequestChannel;
  readonly #exits = new ExitListener();

  constructor({ session, duplex, providerId, version }: Http2SupervisorOptions) {
    this.version = version;
    this.#session = session;
    this.#duplex = duplex;
    this.#channel = new RequestChannel(session, providerId);
    this.files = new RemoteFiles(this.#channel);
    const end = (): void => void session.destroy();
    session.on("error", () => {});
    for (const event of ["end", "close", "error"]) duplex.once(event, end);
    this.closed = new Promise((resolve) => {
      session.once("close", () => {
        duplex.destroy();
        resolve();
      });
    });
    void this.#exits.listen(this.#channel.open("GET", "/events"), end);
  }

  async configure(options: ConfigureRequest, call?: CallOptions): Promise<void> {
    await this.#channel.call("POST", "/configure", call, options);
  }

  async spawn(argv: readonly [string, ...string[]], options: SpawnOptions = {}): Promise<SandboxProcess> {
    return this.#start(spawnRequest(argv, options), options, (started) => new RemoteProcess(started));
  }

  async pty(argv: readonly [string, ...string[]], options: TerminalOptions): Promise<SandboxTerminal> {
    const { columns, rows } = options;
    const { request } = spawnRequest(argv, { ...options, stdin: "open" });
    const startRequest = { request: { ...request, terminal: { columns, rows } }, input: undefined };
    return this.#start(startRequest, options, (started) => new RemoteTerminal(started));
  }

  async #start<T extends SandboxProcess>(
    { request, input }: StartRequest,
    { signal }: CallOptions,
    make: (started: RemoteProcessOptions) => T,
  ): Promise<T> {
    this.#channel.throwIfAborted({ ...(signal && { signal }) });
    const id = randomUUID();
    const stream = this.#channel.open("POST", `/process/${id}`);
    const waiting = this.#exits.wait(id);
    stream.write(lengthPrefixed(Buffer.from(JSON.stringify(request))));
    stream.end(input);
    let headers: IncomingHttpHeaders;
    try {
      // Not with the signal: only when the start is known can what was started be ended.
      headers = await this.#channel.answer(stream);
    } catch (error) {
      waiting.resolve({ exitCode: null, reason: "lost" });
      throw error;
    }
    const { exit } = waiting;
    const process = make({ id, pid: pidOf(headers), channel: this.#channel, stream, from: 0, exit });
    if (signal?.aborted === true) {
      await process.kill();
      throw this.#channel.aborted();
    }
    const onAbort = (): void => void process.kill().catch(() => {});
    signal?.addEventListener("abort", onAbort);
    exit.then(() => signal?.removeEventListener("abort", onAbort));
    return process;
  }

  async attach(processId: string, from: number, call: CallOptions = {}): Promise<SandboxProcess> {
    return this.#attach(processId, from, call, (found) => new RemoteProcess(found));
  }

  async attachTerminal(processId: string, from: number, call: CallOptions = {}): Promise<AttachedTerminal> {
    return this.#attach(processId, from, call, (found, headers) => {
      const [, columns, rows, end] = /^(\d{1,5})x(\d{1,5})@(\d{1,15})$/.exec(String(headers[terminalHeader])) ?? [];
      if (columns === undefined) {
        throw this.#channel.failure({ code: "invalid-options", message: `The process ${processId} has no terminal.` });
      }
      const size = { columns: Number(columns), rows: Number(rows) };
      return new RemoteAttachedTerminal({ ...found, size, outputEnd: Number(end) });
    });
  }

  async #attach<T extends SandboxProcess>(
    processId: string,
    from: number,
    call: CallOptions,
    make: (found: RemoteProcessOptions, headers: IncomingHttpHeaders) => T,
  ): Promise<T> {
    this.#channel.throwIfAborted(call);
    const id = encodeURIComponent(processId);
    const stream = this.#channel.open("GET", `/process/${id}?from=${from}`);
    const waiting = this.#exits.wait(processId);
    try {
      const headers = await this.#channel.answer(stream, call);
      const ended = headers[exitHeader];
      if (typeof ended === "string") waiting.resolve(parseExit(decodeExit(ended)));
      const { exit } = waiting;
      return make({ id: processId, pid: pidOf(headers), channel: this.#channel, stream, from, exit }, headers);
    } catch (error) {
      waiting.resolve({ exitCode: null, reason: "lost" });
      stream.close(constants.NGHTTP2_CANCEL);
      throw error;
    }
  }

  async processes(call?: CallOptions): Promise<readonly ProcessInfo[]> {
    const reply = await this.#channel.call("GET", "/processes", call);
    return (Array.isArray(reply) ? (reply as ProcessRecord[]) : []).map(processInfo);
  }

  async seal(call?: CallOptions): Promise<SealReport> {
    return parseSealReport(await this.#channel.call("GET", "/seal", call));
  }

  async quiesce(call?: CallOptions): Promise<void> {
    await this.#channel.call("POST", "/quiesce", call);
  }

  async whileStopped<T>(work: () => Promise<T>, call: CallOptions = {}): Promise<T> {
    this.#channel.throwIfAborted(call);
    const stream = this.#channel.open("POST", "/stop");
    try {
      await this.#channel.answer(stream, call);
      return await work();
    } finally {
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }

  async extend(ttlMs: number, call?: CallOptions): Promise<Date> {
    return leaseEnd(await this.#channel.call("POST", `/lease?ttlMs=${ttlMs}`, call));
  }

  async holdLease(call?: CallOptions): Promise<void> {
    await this.#channel.call("POST", "/hold", call);
  }

  async leaseEndsAt(call?: CallOptions): Promise<Date> {
    return leaseEnd(await this.#channel.call("GET", "/lease", call));
  }

  async resources(call?: CallOptions): Promise<Resources> {
    const reply = ((await this.#channel.call("GET", "/resources", call)) ?? {}) as Record<string, unknown>;
    const numbers = Object.entries(reply).filter(([, value]) => typeof value === "number");
    return Object.fromEntries(numbers);
  }

  async stats(call?: CallOptions): Promise<SandboxStats> {
    const reply = ((await this.#channel.call("GET", "/stats", call)) ?? {}) as Record<string, unknown>;
    const number = (name: string): number => Number(reply[name]) || 0;
    return {
      cpuMs: number("cpuMs"),
      memoryBytes: number("memoryBytes"),
      processes: number("processes"),
      oomKills: number("oomKills"),
    };
  }

  readLargeDirectories(reader: LargeDirectoryReader): void {
    this.files.largeDirectoryReader = reader;
  }

  serveEgress(onConnection: (socket: Duplex) => void): void {
    keepEgressPool(this.#channel, onConnection);
  }

  watch(path: string, options?: WatchOptions): Promise<AsyncIterable<FileChange>> {
    return this.files.watch(path, options);
  }

  async endpoint(port: number, call: CallOptions = {}): Promise<SandboxEndpoint> {
    this.#channel.throwIfAborted(call);
    if (!(Number.isInteger(port) && port >= 1 && port <= 65535) || port === egressPort) {
      throw this.#channel.failure({ code: "invalid-options", message: `The port ${port} cannot be reached.` });
    }
    if (this.#session.destroyed) throw this.#channel.lost();
    const tunnel = await TunnelServer.listen(this.#channel, port);
    this.closed.then(() => tunnel.close());
    return tunnel;
  }

  /** Ends the connection to a supervisor that does not respond. */
  giveUp(): void {
    this.#channel.isSilent = true;
    this.#session.destroy();
    // Nothing that waits to be written will be read.
    this.#duplex.destroy();
  }

  async close(): Promise<void> {
    this.#session.destroy();
    // A WebSocket sends a close frame and waits for the response, which may never come.
    const timer = setTimeout(() => this.#duplex.destroy(), farewellMs);
    await this.closed;
    clearTimeout(timer);
  }
}

function processInfo(record: ProcessRecord): ProcessInfo {
  return dropUndefined({
    id: String(record.id),
    argv: (Array.isArray(record.argv) ? record.argv : []).map(String),
    startedAt: new Date(Date.now() - (Number(record.ageMs) || 0)),
    pid: typeof record.pid === "number" ? record.pid : undefined,
    tag: typeof record.tag === "string" ? record.tag : undefined,
    exit: record.exit === undefined ? undefined : parseExit(record.exit),
  });
}

function leaseEnd(reply: unknown): Date {
  return new Date(Date.now() + (Number((reply as { remainingMs?: unknown } | null)?.remainingMs) || 0));
}

function pidOf(headers: IncomingHttpHeaders): number | undefined {
  const pid = Number(headers[pidHeader]);
  return Number.isInteger(pid) ? pid : undefined;
}

function decodeExit(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
  } catch {
    // An exit that cannot be read is reported as lost.
    return undefined;
  }
}
