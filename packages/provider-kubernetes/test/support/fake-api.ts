import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface FakeApi {
  readonly url: string;
  /** The path of a kubeconfig that leads here, with this user. */
  kubeconfig(user?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The requests so far: `GET /api/v1/…`. */
  readonly requests: string[];
  /** Connections that were opened. */
  readonly connections: number;
}

/** A server in the place of a cluster's API, over plain http. */
export async function fakeApi(answer: RequestListener): Promise<FakeApi> {
  const directory = await mkdtemp(join(tmpdir(), "glovebox-fake-api-"));
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    get connections() {
      return connections;
    },
    async kubeconfig(user = {}) {
      const path = join(directory, "kubeconfig");
      const cluster = { server: url, "insecure-skip-tls-verify": true };
      const config = {
        ...{ apiVersion: "v1", kind: "Config", "current-context": "fake" },
        clusters: [{ name: "fake", cluster }],
        users: [{ name: "fake", user }],
        contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
      };
      await writeFile(path, JSON.stringify(config));
      return path;
    },
  };
}

/** Answers as the API server refuses. */
export function refuse(
  response: ServerResponse,
  code: number,
  { reason = "", message = "", kind = "pods", headers = {} as Readonly<Record<string, string>> } = {},
): void {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, details: { kind }, code };
  response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(status));
}
