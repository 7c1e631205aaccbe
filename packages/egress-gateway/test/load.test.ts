import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { cleanup, listen, loopback, openTunnel, startGateway, until } from "./gateway-fixture.ts";
import { serverCertificate } from "./server-certificate.ts";

const run = promisify(execFile);
const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

/** Gives a GiB for a GET, and counts what it is given. */
function bulk(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "GET") {
    response.setHeader("content-length", gibibyte);
    const chunk = Buffer.alloc(mebibyte);
    Readable.from(
      (function* () {
        for (let sent = 0; sent < gibibyte; sent += chunk.length) yield chunk;
      })(),
    ).pipe(response);
    return;
  }
  let got = 0;
  request.on("data", (chunk: Buffer) => {
    got += chunk.length;
  });
  request.on("end", () => response.end(String(got)));
}

describe("a GiB in bounded memory", () => {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-load-"));
  const file = (name: string) => join(directory, name);
  const certificate = serverCertificate("git.test");
  beforeAll(() => {
    writeFileSync(file("body"), "");
    truncateSync(file("body"), gibibyte);
    writeFileSync(file("outside.pem"), certificate.cert);
    return () => rmSync(directory, { recursive: true });
  });

  async function start() {
    const [port, tlsPort] = [await listen(createServer(bulk)), await listen(createHttpsServer(certificate, bulk))];
    const child = fork(join(import.meta.dirname, "gateway-child.ts"), {
      execArgv: ["--conditions=@glovebox/source"],
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: file("outside.pem") },
    });
    cleanup(() => child.kill("SIGKILL"));
    const ask = async (message: object) => {
      child.send(message);
      return (await once(child, "message"))[0];
    };
    const { address, certificate: ca } = await ask({ port, tlsPort });
    writeFileSync(file("inside.pem"), ca);
    const most = async (): Promise<number> => (await ask({})).most;
    return { port, tlsPort, most, proxy: ["-x", `http://127.0.0.1:${address.port}`, "--cacert", file("inside.pem")] };
  }

  it.each([
    ["by a plain request", "site.test", "http", []],
    ["through a tunnel", "site.test", "http", ["-p"]],
    ["to a host with a credential", "git.test", "https", []],
  ])("%s, down and up", async (_name, host, scheme, how) => {
    const { port, tlsPort, most, proxy } = await start();
    const url = `${scheme}://${host}:${scheme === "https" ? tlsPort : port}/`;
    await run("curl", ["-sS", "-o", file("out"), ...how, ...proxy, "-d", "warm", url]);
    await most();
    const before = await most();
    const down = ["-sS", "-o", "/dev/null", "-w", "%{size_download}"];
    expect((await run("curl", [...down, ...how, ...proxy, url])).stdout).toBe(String(gibibyte));
    expect((await run("curl", ["-sS", ...how, ...proxy, "-T", file("body"), url])).stdout).toBe(String(gibibyte));
    expect(((await most()) - before) / mebibyte).toBeLessThan(160);
  });
});

describe("two hundred streams at once", () => {
  it("each carry their own bytes, in plain requests and in tunnels", async () => {
    const count = 200;
    const pending: ServerResponse[] = [];
    const site = await listen(
      createServer((request, response) => {
        response.setHeader("x-path", request.url ?? "");
        response.flushHeaders();
        pending.push(response);
      }),
    );
    const { port, events } = await startGateway({
      allow: [{ host: "site.test", port: site, source: "test" }, loopback(site)],
    });
    const answers = Array.from({ length: count }, async (_, index) => {
      const host = `site.test:${site}`;
      const own = { headers: { host } };
      const request =
        index % 2 === 0
          ? httpRequest({ ...own, agent: false, host: "127.0.0.1", port, path: `http://${host}/${index}` })
          : httpRequest({ ...own, path: `/${index}`, createConnection: await tunnelled(port, host) });
      request.end();
      const [response] = (await once(request, "response")) as [IncomingMessage];
      let body = "";
      for await (const chunk of response) body += chunk;
      return body === String(response.headers["x-path"]).repeat(3);
    });
    await until(() => pending.length === count);
    for (let round = 0; round < 3; round += 1)
      for (const response of pending) response.write(String(response.getHeader("x-path")));
    for (const response of pending) response.end();
    expect(await Promise.all(answers)).toEqual(Array.from({ length: count }, () => true));
    await until(() => events.length === count);
    expect(events.filter(({ decision }) => decision === "allowed")).toHaveLength(count);
  });
});

async function tunnelled(port: number, authority: string) {
  const { socket } = await openTunnel(port, authority);
  return () => socket;
}
