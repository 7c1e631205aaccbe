import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { type Duplex, pipeline } from "node:stream";
import type { Access } from "../access/access.ts";
import type { PreviewAdmission } from "../access/previews/previews.ts";
import { requestHeaders, responseHeaders } from "./preview-headers.ts";
import type { RunPorts } from "./run-ports.ts";

type OpenAdmission = Extract<PreviewAdmission, { kind: "open" }>;

/** Serves the origins of previews: what programs in sandboxes serve there. */
export class PreviewProxy {
  readonly #access: Access;
  readonly #ports: RunPorts;

  constructor(access: Access, ports: RunPorts) {
    this.#access = access;
    this.#ports = ports;
  }

  /** Whether a request is for a preview: then nothing else of the server may answer it. */
  owns(request: IncomingMessage): boolean {
    return this.#access.previews?.owns(this.#access.clientOf(request).host) === true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admission = await this.#admit(request);
    if (admission.kind === "open") return await this.#forward(request, response, admission);
    if (admission.kind === "refuse") return refuse(response, 403, "This preview is not open to you, or no longer.\n");
    const { location, cookie } = admission;
    const headers = { location, "set-cookie": cookie, "referrer-policy": "no-referrer", "cache-control": "no-store" };
    response.writeHead(303, headers).end();
  }

  /** Passes a WebSocket on. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const admission = await this.#admit(request);
    if (admission.kind !== "open") return void socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
    try {
      const upstream = await this.#send(request, admission, { connection: "upgrade", upgrade: "websocket" });
      upstream.once("upgrade", (answer, inside, rest) => {
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer)}\r\n`);
        inside.unshift(rest);
        inside.write(head);
        pipeline(socket, inside, socket, () => {});
      });
      upstream.once("response", (answer) => {
        answer.resume();
        socket.end(`HTTP/1.1 ${answer.statusCode ?? 502} Refused\r\nconnection: close\r\n\r\n`);
      });
      upstream.on("error", () => socket.destroy());
      socket.once("close", () => upstream.destroy());
      upstream.end();
    } catch {
      socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
    }
  }

  async #admit(request: IncomingMessage): Promise<PreviewAdmission> {
    const admission = await this.#access.previews?.admit(request, this.#access.clientOf(request));
    return admission ?? { kind: "refuse" };
  }

  async #forward(request: IncomingMessage, response: ServerResponse, admission: OpenAdmission): Promise<void> {
    try {
      const upstream = await this.#send(request, admission, {});
      response.once("close", () => upstream.destroy());
      upstream.on("error", () => refuse(response, 502, "The program in the sandbox ended the connection.\n"));
      upstream.once("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, responseHeaders(answer.headers));
        pipeline(answer, response, () => {});
      });
      pipeline(request, upstream, () => {});
    } catch {
      refuse(response, 502, `Nothing listens on port ${admission.target.port} of the run ${admission.target.runId}.\n`);
    }
  }

  async #send(
    { method = "GET", url = "/", headers }: IncomingMessage,
    { target, cookie }: OpenAdmission,
    more: Readonly<Record<string, string>>,
  ): Promise<ClientRequest> {
    const connection = await this.#ports.connect(target);
    // What `createConnection` returns is used as a stream, and only as that.
    const createConnection = () => connection as never;
    return httpRequest({
      ...{ method, path: url, createConnection, setHost: false },
      headers: { ...requestHeaders(headers, cookie), ...more },
    });
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(text);
}

function headerLines({ rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1] ?? ""}\r\n`] : []));
  return lines.join("");
}
