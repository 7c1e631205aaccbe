import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { describe, expect, it } from "vitest";
import { startPebble } from "./support/pebble.ts";
import { runServer, startServerProcess } from "./support/server-process.ts";

const name = "glovebox.test";

describe("a certificate from an ACME authority", () => {
  it("is ordered at the first start, kept for the next one, and renewed while the server runs", async () => {
    await using pebble = await startPebble(12);
    const tlsPort = await freePort();
    const args = [
      ...["--acme-domain", name, "--acme-domain", `www.${name}`, "--acme-agree-to-terms", "--tls-port", `${tlsPort}`],
      ...["--acme-directory", pebble.directory, "--acme-http-port", `${pebble.httpPort}`, "--max-runs", "0"],
    ];
    const env = { NODE_EXTRA_CA_CERTS: pebble.authorityFile };
    await using server = await startServerProcess({ args, env });
    const first = await certificateOf(tlsPort);
    expect(first.subjectaltname).toBe(`DNS:${name}, DNS:www.${name}`);
    expect(server.stdout()).not.toContain("E2B_DOMAIN");

    // Nothing but the way to TLS is served in plain, and only to the names.
    expect(await askPlain(pebble.httpPort, name, "/runs?page=2")).toEqual([
      308,
      `https://${name}:${tlsPort}/runs?page=2`,
    ]);
    expect(await askPlain(pebble.httpPort, "evil.test", "/")).toEqual([404, undefined]);
    expect(await askPlain(pebble.httpPort, name, "/.well-known/acme-challenge/../../v1/runs")).toEqual([
      404,
      undefined,
    ]);

    const directory = join(server.home, "server", "acme");
    expect(readdirSync(directory).sort()).toEqual(["account.json", "certificate.pem"]);
    for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);

    const serial = async () => (await certificateOf(tlsPort)).serialNumber;
    await expect.poll(serial).not.toBe(first.serialNumber);
    const account = readFileSync(join(directory, "account.json"), "utf8");

    // Where no authority answers, what was issued stays, and one line says so.
    await pebble.stop();
    await expect.poll(() => server.stderr()).toContain("The certificate could not be renewed");
    expect((await certificateOf(tlsPort)).subjectaltname).toContain(name);
    expect(readFileSync(join(directory, "account.json"), "utf8")).toBe(account);
    expect(server.stderr()).not.toContain("PRIVATE KEY");
  });

  it("that no authority issues ends the start with 4, and nothing is left", async () => {
    const home = mkdtempSync(join(tmpdir(), "glovebox-server-"));
    try {
      const [tlsPort, httpPort] = [await freePort(), await freePort()];
      const server = runServer(
        [
          ...["--no-e2b", "--port", "0", "--tls-port", `${tlsPort}`, "--acme-domain", name, "--acme-agree-to-terms"],
          ...["--acme-directory", "https://127.0.0.1:4/dir", "--acme-http-port", `${httpPort}`],
        ],
        { GLOVEBOX_HOME: home },
      );
      expect(await server.ended).toBe(4);
      expect(server.stderr()).toMatch(/error: https:\/\/127.0.0.1:4\/dir issued no certificate: .*\nhint: .*port 80/);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it.each([
    [["--acme-domain", name], "agree to its terms"],
    [["--acme-domain", "*.glovebox.test", "--acme-agree-to-terms"], "Invalid domain"],
    [["--acme-domain", "192.0.2.1", "--acme-agree-to-terms"], "Invalid domain"],
    [["--acme-agree-to-terms"], "need a name"],
    [["--acme-domain", name, "--acme-agree-to-terms", "--tls-self-signed"], "cannot be used together"],
    [["--acme-domain", name, "--acme-agree-to-terms", "--acme-directory", "http://ca.test/"], "acmeDirectory"],
    [["--acme-domain", name, "--acme-http-port", "0"], "A port is a number"],
  ])("is refused by %j", async (args, message) => {
    const server = runServer(args, { GLOVEBOX_HOME: join(tmpdir(), "glovebox-server-unused") });
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toContain(message);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** What the server shows to those who ask for the name. */
async function certificateOf(port: number): Promise<DetailedPeerCertificate> {
  const socket = connect({ port, host: "127.0.0.1", servername: name, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const certificate = socket.getPeerCertificate(true);
  socket.destroy();
  return certificate;
}

async function askPlain(port: number, host: string, path: string): Promise<[number | undefined, string | undefined]> {
  return await new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers: { host } }, (response) => {
      resolve([response.resume().statusCode, response.headers.location]);
    })
      .once("error", reject)
      .end();
  });
}
