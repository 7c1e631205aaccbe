import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Hono } from "hono";
import { WebSocketServer } from "ws";
import type { UpgradeBindings } from "./api/inside/upgrade.ts";

const protocol = "glovebox.terminal.v1";
/** A browser cannot send a header with a WebSocket: the token comes as a subprotocol. */
const tokenPrefix = "glovebox.token.";
/** What is typed at once, or pasted. */
const maxMessageBytes = 1024 * 1024;

/** The WebSockets of the API. A route checks the request as it does any other, and then accepts the socket. */
export class Upgrades {
  readonly #fetch: Hono["fetch"];
  readonly #sockets = new WebSocketServer({
    ...{ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false },
    handleProtocols: (protocols) => protocols.has(protocol) && protocol,
  });

  constructor(fetch: Hono["fetch"]) {
    this.#fetch = fetch;
  }

  async handle(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const upgrade: UpgradeBindings["upgrade"] = {};
    const response = await this.#fetch(requestOf(incoming), { incoming, upgrade });
    const { accept } = upgrade;
    if (accept === undefined || !response.ok) {
      socket.end(await refusal(response));
      return;
    }
    this.#sockets.handleUpgrade(incoming, socket, head, (accepted) => void accept(accepted));
  }

  /** Ends every WebSocket. */
  close(): void {
    for (const socket of this.#sockets.clients) socket.close(1001);
  }
}

function requestOf({ url = "/", headers, rawHeaders }: IncomingMessage): Request {
  const sent = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) sent.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  const protocols = headers["sec-websocket-protocol"]?.split(/, */) ?? [];
  const token = protocols.find((name) => name.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
  if (token !== undefined && !sent.has("authorization")) sent.set("authorization", `Bearer ${token}`);
  return new Request(new URL(url.replace(/^\/+/, "/"), "http://server"), { headers: sent });
}

async function refusal(response: Response): Promise<string> {
  const status = response.ok ? 404 : response.status;
  const body = await response.text();
  const headers = {
    ...Object.fromEntries(response.headers),
    ...{ connection: "close", "content-length": String(Buffer.byteLength(body)) },
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Refused\r\n${lines.join("")}\r\n${body}`;
}
