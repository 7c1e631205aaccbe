import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP server on the loopback interface that answers by path, and remembers what it was asked. */
export class TestServer implements AsyncDisposable {
  readonly url: string;
  readonly requests: string[];
  readonly #server: Server;

  private constructor(server: Server, url: string, requests: string[]) {
    this.#server = server;
    this.url = url;
    this.requests = requests;
  }

  static async create(answer: (path: string) => Answer | undefined): Promise<TestServer> {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      const path = request.url ?? "";
      requests.push(path);
      const { status = 200, body = "", headers = {} } = answer(path) ?? { status: 404 };
      response.writeHead(status, headers).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TestServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
