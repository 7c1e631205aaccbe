import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { lengthPrefixed } from "../../protocol/length-prefix.ts";
import {
  type ConfigureRequest,
  type ExitEvent,
  exitHeader,
  type FileOperation,
  pidHeader,
  type SpawnRequest,
  terminalHeader,
} from "../../protocol/messages.ts";
import type { EgressListener } from "../egress/egress-listener.ts";
import { trustCertificates } from "../egress/trust-certificates.ts";
import type { GuestConfig } from "../guest-config.ts";
import type { Lease } from "../lease.ts";
import type { OwnProcesses } from "../processes/own-processes.ts";
import type { ProcessTable } from "../processes/process-table.ts";
import type { Cgroup } from "../resources/cgroup.ts";
import { enforcedResources } from "../resources/enforced-resources.ts";
import { sandboxStats } from "../resources/sandbox-stats.ts";
import type { NetworkSeal } from "../seal/network-seal.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import { RequestBody } from "./request-body.ts";
import { respondFailure, respondJson } from "./respond.ts";
import { serveFile } from "./serve-file.ts";
import { serveOutput } from "./serve-output.ts";
import { serveStop } from "./serve-stop.ts";
import { serveTunnel } from "./serve-tunnel.ts";

const maxRequestBytes = 16 * 1024 * 1024;
const inputPieceBytes = 64 * 1024;

/** What can be read is always given back; what is sent waits for the network to be shut. */
const changesFiles: ReadonlySet<string> = new Set<FileOperation>(["write", "put", "mkdir", "move", "remove"]);

export interface RouterParts {
  readonly config: GuestConfig;
  readonly cgroup: Cgroup;
  readonly ownProcesses: OwnProcesses;
  readonly processes: ProcessTable;
  readonly lease: Lease;
  readonly egress: EgressListener;
  readonly seal: NetworkSeal;
}

type Handler = (stream: ServerHttp2Stream, parameters: URLSearchParams, id: string) => Promise<void> | void;

/** Answers the requests of every host. */
export class Router {
  readonly #parts: RouterParts;
  readonly #listeners = new Set<ServerHttp2Stream>();
  readonly #handlers: Readonly<Record<string, Handler>>;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    const { config, cgroup, ownProcesses, processes, lease, egress, seal } = parts;
    this.#handlers = {
      "GET /events": (stream) => this.#events(stream),
      "POST /configure": async (stream) => {
        const { env, baseEnv, certificates, hostPorts } = await new RequestBody(stream).json<ConfigureRequest>(
          maxRequestBytes,
        );
        if (certificates !== undefined) trustCertificates(certificates);
        if (baseEnv !== undefined) processes.baseEnv = baseEnv;
        if (hostPorts !== undefined) egress.hostPorts = hostPorts;
        if (env !== undefined) processes.env = env;
        respondJson(stream, {});
      },
      "GET /processes": (stream) => respondJson(stream, processes.list()),
      "POST /process": (stream, _, id) => this.#spawn(stream, id),
      "GET /process": (stream, parameters, id) => this.#attach(stream, id, Number(parameters.get("from"))),
      "POST /input": (stream, parameters, id) => this.#input(stream, id, Number(parameters.get("bytes"))),
      "POST /close-input": (stream, _, id) => {
        processes.get(id).closeInput();
        respondJson(stream, {});
      },
      "POST /kill": async (stream, parameters, id) => {
        await processes.get(id).kill(parameters.get("signal") ?? "SIGKILL");
        respondJson(stream, {});
      },
      "POST /resize": async (stream, parameters, id) => {
        const [columns, rows] = [Number(parameters.get("columns")), Number(parameters.get("rows"))];
        await processes.resize(id, { columns, rows });
        respondJson(stream, {});
      },
      "POST /quiesce": async (stream) => {
        await processes.quiesce();
        respondJson(stream, {});
      },
      "POST /stop": (stream) => serveStop(stream, ownProcesses),
      "GET /seal": async (stream) => respondJson(stream, await seal.report()),
      "GET /lease": (stream) => respondJson(stream, { remainingMs: lease.remainingMs }),
      "POST /lease": (stream, parameters) => {
        if (lease.isAsleep) seal.check();
        lease.set(Number(parameters.get("ttlMs")));
        respondJson(stream, { remainingMs: lease.remainingMs });
      },
      "POST /hold": (stream) => {
        lease.hold();
        respondJson(stream, {});
      },
      "GET /resources": (stream) => respondJson(stream, enforcedResources(cgroup)),
      "GET /stats": (stream) => respondJson(stream, sandboxStats(cgroup, ownProcesses)),
      "POST /files": async (stream, _, operation) => {
        if (changesFiles.has(operation)) await seal.require();
        await serveFile(stream, operation as FileOperation, config);
      },
      "POST /egress": (stream) => egress.accept(stream),
      "POST /tunnel": (stream, _, port) => serveTunnel(stream, Number(port), config),
    };
  }

  serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const url = new URL(headers[":path"] ?? "/", "http://supervisor");
    const [, route = "", id = ""] = url.pathname.split("/");
    const handler = this.#handlers[`${headers[":method"]} /${route}`];
    Promise.resolve()
      .then(() => {
        if (handler === undefined)
          throw new SupervisorFailure("invalid-options", "The supervisor does not know the request.");
        return handler(stream, url.searchParams, id);
      })
      .catch((error: unknown) => respondFailure(stream, error));
  }

  /** Notifies every host of an exit. */
  notify(event: ExitEvent): void {
    const message = lengthPrefixed(Buffer.from(JSON.stringify(event)));
    for (const listener of this.#listeners) listener.write(message);
  }

  #events(stream: ServerHttp2Stream): void {
    stream.respond({ ":status": 200 });
    this.#listeners.add(stream);
    stream.once("close", () => this.#listeners.delete(stream));
  }

  async #spawn(stream: ServerHttp2Stream, id: string): Promise<void> {
    const body = new RequestBody(stream);
    const request = await body.json<SpawnRequest>(maxRequestBytes);
    if (this.#parts.lease.isAsleep)
      throw new SupervisorFailure("stopped", "The sandbox is asleep: its lease has ended.");
    await this.#parts.seal.require();
    const process = await this.#parts.processes.spawn(id, request);
    stream.respond({ ":status": 200, [pidHeader]: String(process.pid) });
    if (request.stdin === "bytes") {
      // A process that does not read all of its input is no failure.
      feed(process, body, request.stdinBytes)
        .then((whole) => whole && process.closeInput())
        .catch(() => stream.resume());
    }
    await serveOutput(stream, process, 0);
  }

  async #attach(stream: ServerHttp2Stream, id: string, from: number): Promise<void> {
    const process = this.#parts.processes.get(id);
    if (!(Number.isInteger(from) && from >= 0 && from <= process.log.end)) {
      throw new SupervisorFailure(
        "invalid-options",
        `The output of ${id} has ${process.log.end} bytes; ${from} is beyond them.`,
      );
    }
    const exit =
      process.exit === undefined
        ? {}
        : { [exitHeader]: Buffer.from(JSON.stringify(process.exit)).toString("base64url") };
    const { terminalSize: size } = process;
    const terminal = size === undefined ? {} : { [terminalHeader]: `${size.columns}x${size.rows}@${process.log.end}` };
    stream.respond({ ":status": 200, [pidHeader]: String(process.pid), ...exit, ...terminal });
    await serveOutput(stream, process, from);
  }

  async #input(stream: ServerHttp2Stream, id: string, bytes: number): Promise<void> {
    await feed(this.#parts.processes.get(id), new RequestBody(stream), bytes);
    respondJson(stream, {});
  }
}

/** Whether all of it came: a request that was broken off must not look like the end of the input. */
async function feed(
  process: { write(bytes: Buffer): Promise<void> },
  body: RequestBody,
  bytes: number,
): Promise<boolean> {
  for (let missing = bytes; missing > 0; ) {
    const piece = await body.read(Math.min(missing, inputPieceBytes));
    if (piece === undefined) return false;
    await process.write(piece);
    missing -= piece.length;
  }
  return true;
}
