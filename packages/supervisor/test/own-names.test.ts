import { hostname } from "node:os";
import { expect, it } from "vitest";
import { egressPort } from "../src/index.ts";
import { run } from "./collect.ts";
import { startGuest } from "./start-guest.ts";

const forms = [
  ...["127.0.0.1", "127.0.0.2", "127.0.1.1", "127.255.255.254", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]"],
  ...["localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost", "localhost.localdomain"],
  ...["127.1", "0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0177.1", "me:secret@127.0.0.1"],
  ...["ip6-localhost", hostname()],
];

/** A server of the sandbox's own, and what each form of its name answers by the proxy: plain, in a tunnel, and as a WebSocket. */
const script = `
  import http from "node:http";
  import net from "node:net";
  const [forms, port, proxy] = JSON.parse(process.argv[1]);
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => { body += piece; });
    request.on("end", () => response.end([request.method, request.url, request.headers.host, request.headers["proxy-authorization"], body].join(" ")));
  });
  server.on("upgrade", (request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\\r\\nconnection: upgrade\\r\\nupgrade: websocket\\r\\n\\r\\nopen"));
  await new Promise((resolve) => server.listen(port, "0.0.0.0", resolve));
  const ask = (text) => new Promise((resolve) => {
    let answer = "";
    const socket = net.connect(proxy, "127.0.0.1", () => socket.write(text));
    socket.on("data", (piece) => { answer += piece; }).on("error", () => {}).on("close", () => resolve(answer));
  });
  const verdict = (answer) => answer.split("\\r\\n\\r\\n").at(-1).split("\\r\\n").find((line) => line.length > 3) ?? answer;
  const seen = {};
  for (const form of forms) {
    const bare = form.slice(form.indexOf("@") + 1);
    const post = "POST http://" + form + ":" + port + "/a?b HTTP/1.1\\r\\nHost: here\\r\\nProxy-Authorization: mine\\r\\nProxy-Connection: keep-alive\\r\\nContent-Length: 4\\r\\n\\r\\nbody";
    const tunnel = "CONNECT " + bare + ":" + port + " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\nGET /in HTTP/1.1\\r\\nHost: there\\r\\nConnection: close\\r\\n\\r\\n";
    const upgrade = "GET http://" + form + ":" + port + "/ HTTP/1.1\\r\\nHost: x\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n";
    seen[form] = [verdict(await ask(post)), verdict(await ask(tunnel)), verdict(await ask(upgrade))];
  }
  const shut = await ask("GET http://127.0.0.2:9/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
  const shutTunnel = await ask("CONNECT 0.0.0.0:9 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
  const outside = {};
  for (const line of ["GET http://localhost.test:80/", "CONNECT 10.0.0.1:80", "CONNECT 8.8.8.8:443", "GET http://127.0.0.1.test/", "CONNECT 127.0.0.1:" + proxy, "CONNECT localhost:4444", "GET http://[::1]:4444/", "GET /model/x"])
    outside[line] = (await ask(line + " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")).trim();
  console.log(JSON.stringify({ seen, shut, shutTunnel, outside }));
  process.exit();`;

it("reaches its own servers by every name of its own, and the host for every other and for ports that are the host's", async () => {
  await using guest = await startGuest();
  guest.connection.serveEgress((socket) => {
    socket.once("data", (bytes: Buffer) => socket.end(`the host was asked: ${bytes.toString().split("\r\n", 1)[0]}`));
  });
  await guest.connection.configure({ hostPorts: [4444] });
  const input = JSON.stringify([forms, 8123, egressPort]);
  const { stdout, stderr } = await run(guest.connection, [
    ...(["/run/app/node", "--input-type=module", "-e", script] as const),
    ...["--", input],
  ]);
  expect(stderr.toString()).toBe("");
  const verdict = JSON.parse(stdout.toString());
  expect(verdict.seen).toEqual(
    Object.fromEntries(forms.map((form) => [form, ["POST /a?b here  body", "GET /in there  ", "open"]])),
  );
  const refusal = (host: string) =>
    `glovebox: ${host}:9 is this sandbox itself, where no server answers at that port (ECONNREFUSED)`;
  expect(verdict.shut).toMatch(/^HTTP\/1.1 502 /);
  expect(verdict.shut).toContain(refusal("127.0.0.2"));
  expect(verdict.shutTunnel).toContain(`HTTP/1.1 502 Bad Gateway - ${refusal("0.0.0.0")}`);
  for (const [line, answer] of Object.entries(verdict.outside))
    expect(answer).toBe(`the host was asked: ${line} HTTP/1.1`);
});
