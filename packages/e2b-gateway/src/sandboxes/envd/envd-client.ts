import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { z } from "zod";
import { envdPort } from "../../envd-version.ts";
import type { SandboxLink } from "../link/sandbox-link.ts";

const maxReplyBytes = 1024 * 1024;
const maxFrameBytes = 16 * 1024 * 1024;
const initializeTimeoutMs = 10_000;

interface Body {
  readonly type: string;
  readonly content: Buffer;
}

/** The gateway's own requests to a sandbox's envd, or to what a program with root's rights has put in its place. */
export class EnvdClient {
  readonly #link: Pick<SandboxLink, "target">;
  readonly #token: string | undefined;

  constructor(link: Pick<SandboxLink, "target">, token: string | undefined) {
    this.#link = link;
    this.#token = token;
  }

  /** The reply to a GET as JSON. */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const reply = await this.#send("GET", path, undefined, signal);
    return JSON.parse((await readReply(reply)).toString("utf8"));
  }

  /** Adds variables to those of every process from here on. */
  async initialize(envVars: Readonly<Record<string, string>>): Promise<void> {
    const content = Buffer.from(JSON.stringify({ envVars, accessToken: this.#token }));
    const timeout = AbortSignal.timeout(initializeTimeoutMs);
    (await this.#send("POST", "/init", { type: "application/json", content }, timeout)).resume();
  }

  /** Starts a command in a login shell. Resolves once it runs; it lives on. */
  async start(command: string, signal: AbortSignal): Promise<void> {
    for await (const event of this.#startEvents(command, signal)) if (event.start !== undefined) return;
  }

  /** Runs a command in a login shell to its end, and resolves to its exit code. */
  async run(command: string, signal: AbortSignal): Promise<number> {
    for await (const event of this.#startEvents(command, signal)) {
      if (event.end !== undefined) return event.end.exitCode ?? (event.end.exited ? 0 : 1);
    }
    throw new SandboxUnavailableError("Envd has broken a stream off");
  }

  async *#startEvents(command: string, signal: AbortSignal): AsyncGenerator<ProcessEvent, void, undefined> {
    const message = { process: { cmd: "/bin/bash", args: ["-l", "-c", command] }, stdin: false };
    const body = { type: "application/connect+json", content: frame(JSON.stringify(message)) };
    const reply = await this.#send("POST", "/process.Process/Start", body, signal);
    for await (const text of frames(reply)) {
      const parsed = eventSchema.safeParse(JSON.parse(text));
      if (parsed.success) yield parsed.data.event;
    }
  }

  async #send(method: string, path: string, body: Body | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    const { overTls, agent } = await this.#link.target(envdPort, false);
    return new Promise((resolve, reject) => {
      const sent = (overTls ? httpsRequest : httpRequest)({ method, path, agent, signal });
      sent.on("error", reject);
      sent.once("response", (reply) => {
        const { statusCode = 0 } = reply;
        if (statusCode >= 200 && statusCode < 300) return resolve(reply);
        reply.resume();
        reject(new SandboxUnavailableError(`Envd has answered ${method} ${path} with ${statusCode}`));
      });
      if (this.#token !== undefined) sent.setHeader("x-access-token", this.#token);
      if (body !== undefined) sent.setHeader("content-type", body.type);
      sent.end(body?.content);
    });
  }
}

const eventSchema = z.object({
  event: z.object({
    start: z.object({ pid: z.number() }).optional(),
    end: z.object({ exitCode: z.number().optional(), exited: z.boolean().optional() }).optional(),
  }),
});

type ProcessEvent = z.infer<typeof eventSchema>["event"];

async function readReply(reply: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of reply) {
    bytes += part.length;
    if (bytes > maxReplyBytes) throw new SandboxUnavailableError("Envd has sent an answer that is too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A message of the Connect protocol: a byte of flags, four of length, and JSON. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

async function* frames(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let pending = Buffer.alloc(0);
  for await (const part of stream) {
    pending = Buffer.concat([pending, part]);
    while (pending.length >= 5) {
      const length = pending.readUInt32BE(1);
      if (length > maxFrameBytes) throw new SandboxUnavailableError("Envd has sent a message that is too large");
      if (pending.length < 5 + length) break;
      yield pending.subarray(5, 5 + length).toString("utf8");
      pending = pending.subarray(5 + length);
    }
  }
}
