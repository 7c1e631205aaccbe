import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { exec } from "@glovebox/core/exec";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import {
  connectSupervisor,
  connectWebSocket,
  type SupervisorConnection,
  type WebSocketRefusal,
} from "@glovebox/supervisor";
import type { RunningWorker } from "./start-worker.ts";

export interface Reply {
  readonly status: number;
  /** JSON where it is some. */
  readonly body: unknown;
  readonly headers: Headers;
}

export interface SandboxReply {
  readonly id: string;
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly leaseEndsAt: string;
  readonly recoverable?: boolean;
  readonly stopReason?: string;
}

/** A minimal client of a Worker: sends requests and runs programs through the supervisor. */
export class WorkerClient {
  readonly #worker: RunningWorker;

  constructor(worker: RunningWorker) {
    this.#worker = worker;
  }

  async call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const init = { method, ...(text !== undefined && { body: text }), ...(signal && { signal }) };
    const answer = await this.#worker.fetch(path, init);
    return { status: answer.status, body: parse(await answer.text()), headers: answer.headers };
  }

  /** A sandbox that runs. */
  async create(spec: Readonly<Record<string, unknown>> = {}): Promise<SandboxReply> {
    const reply = await this.call("POST", "/v1/sandboxes", { idempotencyKey: randomUUID(), ttlMs: 120_000, ...spec });
    if (reply.status !== 201) throw new Error(`no sandbox: ${JSON.stringify(reply.body)}`);
    return sandboxOf(reply);
  }

  async info(id: string): Promise<SandboxReply> {
    return sandboxOf(await this.call("GET", `/v1/sandboxes/${id}`));
  }

  async destroy(id: string): Promise<void> {
    const { status } = await this.call("DELETE", `/v1/sandboxes/${id}`);
    if (status !== 204) throw new Error(`not removed: ${status}`);
  }

  connect(id: string): Promise<SupervisorConnection> {
    const url = `${this.#worker.url.replace(/^http/, "ws")}/v1/sandboxes/${id}/supervisor`;
    const onRefused = ({ status, body }: WebSocketRefusal) =>
      new SandboxUnavailableError(`the supervisor endpoint answered ${status}: ${body}`, { providerId: "cloudflare" });
    const headers = { authorization: `Bearer ${this.#worker.apiKey}` };
    return connectWebSocket({ url, headers, providerId: "cloudflare", onRefused }).then((stream) =>
      connectSupervisor(stream, { providerId: "cloudflare" }),
    );
  }

  /** Runs a shell command inside and gives what it printed to its standard output. */
  async run(id: string, command: string): Promise<string> {
    const connection = await this.connect(id);
    try {
      return (await exec(connection, ["/bin/sh", "-c", command], { stripFinalNewline: false })).stdout;
    } finally {
      await connection.close();
    }
  }

  /** Waits, for a minute at most, until a sandbox is in a state. */
  async until(id: string, state: string): Promise<SandboxReply> {
    for (const deadline = Date.now() + 60_000; ; await delay(50)) {
      const info = await this.info(id);
      if (info.state === state) return info;
      if (Date.now() > deadline) throw new Error(`still ${info.state} after a minute`);
    }
  }
}

function sandboxOf({ body }: Reply): SandboxReply {
  return (body as { sandbox: SandboxReply }).sandbox;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
