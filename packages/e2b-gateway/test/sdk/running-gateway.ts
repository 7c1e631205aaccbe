import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http, { type RequestListener, type Server } from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDockerProvider } from "@glovebox/provider-docker";
import { execa } from "execa";
import { createE2bGateway, type E2bGatewayOptions } from "../../src/index.ts";

/** A gateway on the Docker provider, served on loopback the two ways in which E2B's SDK finds it. */
export interface RunningGateway extends AsyncDisposable {
  readonly apiKey: string;
  /** For `E2B_API_URL` and `E2B_SANDBOX_URL`. */
  readonly url: string;
  /** For `E2B_DOMAIN`, with its port. Served by TLS. */
  readonly domain: string;
  /** The authority of the domain's certificate, a file in PEM. */
  readonly authorityFile: string;
}

export async function startGateway(options: Partial<E2bGatewayOptions> = {}): Promise<RunningGateway> {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-e2b-"));
  await makeCertificate(directory);
  const apiKey = `e2b_${randomBytes(20).toString("hex")}`;
  const handle: RequestListener = (request, response) => gateway.handle(request, response);
  const plain = http.createServer(handle);
  const read = (name: string) => readFileSync(join(directory, name));
  const secure = https.createServer({ key: read("server.key"), cert: read("server.pem") }, handle);
  const [port, securePort] = await Promise.all([plain, secure].map(listen));
  const domain = `e2b.localhost:${securePort}`;
  const gateway = createE2bGateway({
    provider: createDockerProvider(),
    apiKeys: [apiKey],
    stateDir: join(directory, "state"),
    domain,
    ...options,
  });
  for (const server of [plain, secure]) {
    // Clients keep a connection for ten minutes at most, so that the client closes it.
    server.keepAliveTimeout = 640_000;
    server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  }
  return {
    apiKey,
    url: `http://127.0.0.1:${port}`,
    domain,
    authorityFile: join(directory, "ca.pem"),
    async [Symbol.asyncDispose]() {
      await gateway.close({ sandboxes: "kill" });
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}

/** An authority, and a certificate of it for the domain and everything one level below. */
async function makeCertificate(directory: string): Promise<void> {
  const openssl = execa({ cwd: directory });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  await openssl("openssl", ["req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=A test"]);
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=CA:FALSE"];
  const names = ["-addext", "subjectAltName=DNS:e2b.localhost,DNS:*.e2b.localhost", "-subj", "/CN=e2b.localhost"];
  await openssl("openssl", [
    "req",
    "-x509",
    ...key,
    ...signed,
    "-keyout",
    "server.key",
    "-out",
    "server.pem",
    ...names,
  ]);
}
