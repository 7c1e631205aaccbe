import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as netConnect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";

/** The vendor's end of the proxy. */
export class Upstream {
  readonly #socketPath: string | undefined;
  readonly #url: URL | undefined;

  constructor(address: string) {
    if (address.startsWith("unix://")) this.#socketPath = address.slice("unix://".length);
    else this.#url = new URL(address);
  }

  get isSocket(): boolean {
    return this.#socketPath !== undefined;
  }

  /** The same request, its body still to be sent. */
  request(client: IncomingMessage): ReturnType<typeof httpRequest> {
    const options: RequestOptions = {
      method: client.method ?? "GET",
      path: client.url ?? "/",
      headers: this.#headers(client),
      agent: false,
    };
    if (this.#socketPath !== undefined) return httpRequest({ ...options, socketPath: this.#socketPath });
    const { protocol, hostname, port } = this.#url ?? new URL("http://127.0.0.1");
    return (protocol === "https:" ? httpsRequest : httpRequest)({ ...options, hostname, port });
  }

  /** A connection that has been sent the request's head. */
  stream(client: IncomingMessage): Socket {
    const socket = this.#connect();
    const headers = Object.entries(this.#headers(client)).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
    );
    socket.write(`${client.method} ${client.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
    return socket;
  }

  #connect(): Socket {
    if (this.#socketPath !== undefined) return netConnect({ path: this.#socketPath, allowHalfOpen: true });
    const { protocol, hostname, port } = this.#url ?? new URL("http://127.0.0.1");
    if (protocol === "https:") return tlsConnect({ host: hostname, port: Number(port || 443), servername: hostname });
    return netConnect({ host: hostname, port: Number(port || 80), allowHalfOpen: true });
  }

  #headers(client: IncomingMessage): IncomingMessage["headers"] {
    return this.#url === undefined ? client.headers : { ...client.headers, host: this.#url.host };
  }
}
