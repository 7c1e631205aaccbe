import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SandboxUnavailableError } from "@glovebox/core/provider";

const prefix = "/.well-known/acme-challenge/";
const timeoutMs = 10_000;

/**
 * Answers the authority's questions over plain HTTP. Everything else that browsers ask of the names is sent on to TLS, and
 * nothing of the server is served here.
 */
export class ChallengeListener implements AsyncDisposable {
  readonly #answers = new Map<string, string>();
  readonly #domains: ReadonlySet<string>;
  readonly #tlsPort: number;
  readonly #server = createServer({ requestTimeout: timeoutMs, headersTimeout: timeoutMs }, (request, response) =>
    this.#answer(request, response),
  );

  private constructor(domains: readonly string[], tlsPort: number) {
    this.#domains = new Set(domains);
    this.#tlsPort = tlsPort;
  }

  /** Rejects with `unavailable` where it cannot listen. */
  static async open(options: {
    readonly host: string;
    readonly port: number;
    readonly domains: readonly string[];
    /** The port of the server's TLS: where browsers are sent. */
    readonly tlsPort: number;
  }): Promise<ChallengeListener> {
    const listener = new ChallengeListener(options.domains, options.tlsPort);
    await new Promise<void>((resolve, reject) => {
      listener.#server.once("error", reject).listen(options.port, options.host, resolve);
    }).catch((cause: NodeJS.ErrnoException) => {
      throw new SandboxUnavailableError(`The server cannot listen on ${options.host}:${options.port} (${cause.code})`, {
        hint: "The authority asks port 80 of each name: let it lead to a free port, and name that by --acme-http-port.",
        cause,
      });
    });
    return listener;
  }

  /** Answers one question until it is taken back. */
  add(token: string, answer: string): void {
    this.#answers.set(token, answer);
  }

  remove(token: string): void {
    this.#answers.delete(token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    const answer = path.startsWith(prefix) ? this.#answers.get(path.slice(prefix.length)) : undefined;
    if (answer !== undefined) {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(answer);
      return;
    }
    const name = request.headers.host?.toLowerCase().replace(/:\d+$/, "") ?? "";
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!this.#domains.has(name) || !isRead || !path.startsWith("/") || path.startsWith(prefix)) {
      response.writeHead(404, { connection: "close" }).end();
      return;
    }
    const port = this.#tlsPort === 443 ? "" : `:${this.#tlsPort}`;
    response.writeHead(308, { location: `https://${name}${port}${path}`, connection: "close" }).end();
  }
}
