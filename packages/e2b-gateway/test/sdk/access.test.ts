import { readFileSync } from "node:fs";
import tls from "node:tls";
import { AuthenticationError, Sandbox } from "e2b";
import { beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { sdkFixture } from "./sdk-fixture.ts";
import "./localhost-names.ts";

const fixture = sdkFixture();
let sandbox: Sandbox;
beforeAll(async () => {
  tls.setDefaultCACertificates([
    ...tls.getCACertificates("default"),
    readFileSync(fixture.gateway.authorityFile, "utf8"),
  ]);
  // The way by the domain: the SDK then makes every address of it, as it does for E2B.
  delete process.env.E2B_API_URL;
  delete process.env.E2B_SANDBOX_URL;
  sandbox = await fixture.keep();
});

/** Serves a directory inside, until the sandbox ends. */
async function serve(inside: Sandbox, port: number): Promise<void> {
  await inside.files.write("site/index.html", "<h1>inside</h1>");
  await inside.commands.run(`python3 -m http.server ${port} --directory site`, { background: true, timeoutMs: 0 });
  await inside.commands.run(`until curl -s --noproxy '*' localhost:${port} > /dev/null; do sleep 0.1; done`);
}

describe("by the domain", () => {
  test("a sandbox's port has an address of its own", async () => {
    await serve(sandbox, 3000);
    const host = sandbox.getHost(3000);
    expect(host).toBe(`3000-${sandbox.sandboxId}.${fixture.gateway.domain}`);
    const response = await fetch(`https://${host}/index.html`);
    expect([response.status, await response.text()]).toEqual([200, "<h1>inside</h1>"]);
    expect((await fetch(`https://${host}/none`)).status).toBe(404);
  });

  test("where nothing listens it says so, to programs and to browsers", async () => {
    const url = `https://${sandbox.getHost(4321)}`;
    const response = await fetch(url);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({
      sandboxId: sandbox.sandboxId,
      message: "The sandbox is running but port is not open",
      port: 4321,
      code: 502,
    });
    const page = await fetch(url, { headers: { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0" } });
    expect([page.status, page.headers.get("content-type")]).toEqual([502, expect.stringContaining("text/html")]);
  });

  test("where the sandbox is gone it says that", async () => {
    const gone = await fixture.create();
    await gone.kill();
    const response = await fetch(`https://${gone.getHost(3000)}`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ message: "The sandbox was not found", code: 502 });
  });

  test("bodies stream through both ways, and so do WebSockets", async () => {
    await sandbox.files.write("echo.mjs", echoServer);
    await sandbox.commands.run("node echo.mjs", { background: true, timeoutMs: 0 });
    await sandbox.commands.run("until curl -s --noproxy '*' -X POST -d x localhost:3100; do sleep 0.1; done");

    let send: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = controller;
      },
    });
    const sending = fetch(`https://${sandbox.getHost(3100)}`, { method: "POST", body, duplex: "half" } as RequestInit);
    send?.enqueue(new TextEncoder().encode("first"));
    const response = await sending;
    const reader = response.body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await read()).toBe("first");
    send?.enqueue(new TextEncoder().encode("second"));
    expect(await read()).toBe("second");
    send?.close();

    const socket = new WebSocket(`wss://${sandbox.getHost(3100)}`, "glovebox");
    const opened = await new Promise<string>((resolve, reject) => {
      socket.once("open", () => resolve(socket.protocol)).once("error", reject);
    });
    expect(opened).toBe("glovebox");
    socket.terminate();
  });

  test("signed addresses upload and download without a token, until they end", async () => {
    const form = new FormData();
    form.append("file", new Blob(["signed content"]), "signed.txt");
    const upload = await sandbox.uploadUrl("signed.txt", { useSignatureExpiration: 60 });
    const uploaded = await fetch(upload, { method: "POST", body: form });
    expect([uploaded.status, await uploaded.json()]).toEqual([
      200,
      [{ name: "signed.txt", path: "/home/user/signed.txt", type: "file" }],
    ]);
    const download = await fetch(await sandbox.downloadUrl("signed.txt"));
    expect([download.status, await download.text()]).toEqual([200, "signed content"]);

    await sandbox.files.write("of-root.txt", "root's", { user: "root" });
    const asRoot = await fetch(await sandbox.downloadUrl("of-root.txt", { user: "root" }));
    expect(await asRoot.text()).toBe("root's");

    const expired = await fetch(await sandbox.downloadUrl("signed.txt", { useSignatureExpiration: -100 }));
    expect([expired.status, await expired.json()]).toEqual([
      401,
      { code: 401, message: "signature is already expired" },
    ]);
    const forOther = new URL(await sandbox.downloadUrl("signed.txt"));
    forOther.searchParams.set("path", "/etc/passwd");
    expect((await fetch(forOther)).status).toBe(401);
    const unsigned = new URL(await sandbox.downloadUrl("signed.txt"));
    unsigned.searchParams.delete("signature");
    expect((await fetch(unsigned)).status).toBe(401);
  });

  test("without public traffic a port asks for the token", async () => {
    const closed = await fixture.create({ network: { allowPublicTraffic: false } });
    await serve(closed, 8080);
    const url = `https://${closed.getHost(8080)}`;
    expect((await fetch(url)).status).toBe(403);
    const token = closed.trafficAccessToken ?? "";
    expect(token).not.toBe("");
    expect((await fetch(url, { headers: { "e2b-traffic-access-token": `${token}x` } })).status).toBe(403);
    expect((await fetch(url, { headers: { "e2b-traffic-access-token": token } })).status).toBe(200);
  });

  test("the host that a server inside sees can be set", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the gateway fills it in
    const maskRequestHost = "masked.example.com:${PORT}";
    const masked = await fixture.create({ network: { maskRequestHost } });
    await masked.files.write("host.mjs", hostServer);
    await masked.commands.run("node host.mjs", { background: true, timeoutMs: 0 });
    await masked.commands.run("until curl -s --noproxy '*' localhost:3200 > /dev/null; do sleep 0.1; done");
    expect(await (await fetch(`https://${masked.getHost(3200)}`)).text()).toBe("masked.example.com:3200");
    expect((await masked.getInfo()).network?.maskRequestHost).toBe(maskRequestHost);
  });

  test("a server that speaks TLS itself is reached where it was said so", async () => {
    const secure = await fixture.create({ network: { httpsPorts: [8443] } });
    await secure.files.write("tls.mjs", tlsServer);
    await secure.commands.run(
      "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout key.pem -out cert.pem",
    );
    await secure.commands.run("node tls.mjs", { background: true, timeoutMs: 0 });
    await secure.commands.run("until curl -sk --noproxy '*' https://localhost:8443 > /dev/null; do sleep 0.1; done");
    expect(await (await fetch(`https://${secure.getHost(8443)}`)).text()).toBe("over TLS inside");
    expect((await secure.getInfo()).network?.httpsPorts).toEqual([8443]);
  });
});

describe("the access token of a sandbox", () => {
  test("is asked for, and is another one for each", async () => {
    const other = await fixture.create();
    const { apiKey } = fixture.gateway;
    const options = { apiKey, sandboxId: sandbox.sandboxId, envdVersion: (await sandbox.getInfo()).envdVersion };
    const strangers = [
      new Sandbox(options),
      new Sandbox({ ...options, envdAccessToken: "wrong" }),
      new Sandbox({ ...options, envdAccessToken: tokenOf(other) }),
    ];
    for (const stranger of strangers) {
      await expect(stranger.commands.run("true")).rejects.toBeInstanceOf(AuthenticationError);
      await expect(stranger.files.read("/etc/passwd")).rejects.toBeInstanceOf(AuthenticationError);
      await expect(stranger.files.write("x", "x")).rejects.toBeInstanceOf(AuthenticationError);
      await expect(stranger.files.list("/")).rejects.toBeInstanceOf(AuthenticationError);
      expect(await stranger.isRunning()).toBe(true);
    }
  });

  test("is the same for whoever connects with the key", async () => {
    const connected = await Sandbox.connect(sandbox.sandboxId);
    expect(tokenOf(connected)).toBe(tokenOf(sandbox));
    await connected.files.write("connected.txt", "x");
  });
});

function tokenOf(of: Sandbox): string {
  const { envdAccessToken } = of as unknown as { envdAccessToken?: string };
  if (envdAccessToken === undefined) throw new Error("the sandbox has no token");
  return envdAccessToken;
}

const echoServer = `
import { createHash } from "node:crypto";
import http from "node:http";
const server = http.createServer((request, response) => request.pipe(response));
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n" +
    "Sec-WebSocket-Protocol: glovebox\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
});
server.listen(3100);
`;

const hostServer = `
import http from "node:http";
http.createServer((request, response) => response.end(request.headers.host)).listen(3200);
`;

const tlsServer = `
import { readFileSync } from "node:fs";
import https from "node:https";
const options = { key: readFileSync("key.pem"), cert: readFileSync("cert.pem") };
https.createServer(options, (request, response) => response.end("over TLS inside")).listen(8443);
`;
