import { createServer, type Server } from "node:http";
import { networkInterfaces } from "node:os";
import { type EgressEvent, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, run, sandboxFixture, until } from "./sandbox-fixture.ts";
import { hostAddress, type TlsServer, tlsFixture } from "./tls-fixture.ts";

const fixture = sandboxFixture();
const tls = tlsFixture();
let allowed: TlsServer;
let other: TlsServer;
/** A service of this host's, on every address that it has. */
let service: Server;
let servicePort = 0;
let policy: EgressPolicy;
/** What reached the servers that no rule allows. */
const reached: string[] = [];

beforeAll(async () => {
  allowed = await tls.serve((_, response) => response.end("allowed"));
  other = await tls.serve((request, response) => {
    reached.push(`other ${request.url}`);
    response.end("other");
  });
  service = createServer((request, response) => {
    reached.push(`service ${request.headers.host}${request.url}`);
    response.end("service");
  });
  await new Promise<void>((resolve) => service.listen(0, "::", resolve));
  const address = service.address();
  servicePort = typeof address === "object" && address !== null ? address.port : 0;
  policy = {
    mode: "standard",
    models: [
      {
        id: "model",
        upstream: other.url,
        paths: [{ method: "POST", path: "/v1/messages" }],
        credential: { header: "x-api-key", secret: new Secret("KEY", "the-key-of-the-run") },
      },
    ],
    allow: [
      { host: hostAddress, port: allowed.port, source: "test" },
      { host: "localhost", port: servicePort, source: "test" },
    ],
  };
});

afterAll(async () => {
  service.closeAllConnections();
  await Promise.all([allowed.close(), other.close(), new Promise((resolve) => service.close(resolve))]);
});

const proxy = "http://127.0.0.1:47821";
const curl = ["curl", "-sSkg", "-m", "5"] as const;
const viaProxy = [...curl, "--noproxy", "", "-x", proxy] as const;
const direct = [...curl, "--noproxy", "*"] as const;

const udp = `
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"x", (sys.argv[1], 53))
`;
const serverName = `
import socket, ssl, sys
s = socket.create_connection(("127.0.0.1", 47821))
s.sendall(f"CONNECT ${hostAddress}:{sys.argv[1]} HTTP/1.1\\r\\nHost: ${hostAddress}:{sys.argv[1]}\\r\\n\\r\\n".encode())
assert b" 200 " in s.recv(4096).split(b"\\r\\n")[0]
context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
context.wrap_socket(s, server_hostname="elsewhere.example.com").sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
`;

/** Each is tested by the agent's user and by root, has to fail, and has to be in the audit where it passes the proxy. */
const attempts: readonly [what: string, argv: () => readonly [string, ...string[]], audited: "audited" | "unseen"][] = [
  ["another host", () => [...viaProxy, "-f", "https://elsewhere.example.com/"], "audited"],
  ["another host without TLS", () => [...viaProxy, "-f", "http://elsewhere.example.com/"], "audited"],
  ["another port of an allowed host", () => [...viaProxy, "-f", `http://${hostAddress}:${servicePort}/`], "audited"],
  ["a public address", () => [...viaProxy, "-f", "https://192.0.2.1/"], "audited"],
  ["a public address, past the proxy", () => [...direct, "https://192.0.2.1/"], "unseen"],
  [
    "an allowed name that is a private address",
    () => [...viaProxy, "-f", `http://localhost:${servicePort}/`],
    "audited",
  ],
  ["a loopback service of the host", () => [...viaProxy, "-f", `http://127.0.0.1:${servicePort}/`], "audited"],
  ["one in an odd form", () => [...viaProxy, "-f", `http://0x7f.1:${servicePort}/`], "audited"],
  ["one as an unspecified address", () => [...viaProxy, "-f", `http://0.0.0.0:${servicePort}/`], "audited"],
  ["one over IPv6", () => [...viaProxy, "-f", `http://[::1]:${servicePort}/`], "audited"],
  ["one as a mapped address", () => [...viaProxy, "-f", `http://[::ffff:127.0.0.1]:${servicePort}/`], "audited"],
  ["a loopback service, past the proxy", () => [...direct, `http://127.0.0.1:${servicePort}/`], "unseen"],
  ["the engine's bridge", () => [...viaProxy, "-f", `http://172.17.0.1:${servicePort}/`], "audited"],
  ["the engine's bridge, past the proxy", () => [...direct, `http://172.17.0.1:${servicePort}/`], "unseen"],
  ["metadata", () => [...viaProxy, "-f", "http://169.254.169.254/latest/meta-data/"], "audited"],
  ["a public address over IPv6", () => [...viaProxy, "-f", "https://[2001:db8::1]/"], "audited"],
  ["the same, past the proxy", () => [...direct, "https://[2001:db8::1]/"], "unseen"],
  ["the resolver", () => ["getent", "ahosts", "example.com"], "unseen"],
  ["a resolver over UDP", () => ["python3", "-c", udp, "192.0.2.53"], "unseen"],
  ["a resolver over UDP and IPv6", () => ["python3", "-c", udp, "2001:db8::53"], "unseen"],
  ["another server's name in a tunnel", () => ["python3", "-c", serverName, String(allowed.port)], "audited"],
  [
    "the model's host with a key of one's own",
    () => [...viaProxy, "-f", "-H", "x-api-key: mine", "-d", "{}", `${other.url}/v1/messages`],
    "audited",
  ],
  ["another path of the model", () => [...direct, "-f", `${proxy}/model/model/v1/files`], "audited"],
  ["another run's route", () => [...direct, "-f", "-d", "{}", `${proxy}/model/another/v1/messages`], "audited"],
];

describe.each([
  ["the agent", (argv: readonly [string, ...string[]]) => argv],
  ["a root inside", (argv: readonly [string, ...string[]]) => ["sudo", ...argv] as const],
])("what %s tries", (_, as) => {
  it("fails, and is in the audit where it passes the proxy", async () => {
    const events: EgressEvent[] = [];
    const egressObserver = { onRequest: (event: EgressEvent) => events.push(event) };
    await using sandbox = await fixture.create({ egress: policy, rootInside: true }, { egressObserver });
    const allowedOne = await run(sandbox, as(["curl", "-sS", `${allowed.url}/`]) as [string, ...string[]]);
    expect(allowedOne).toMatchObject({ stdout: "allowed", exitCode: 0 });
    // A tunnel is reported when it ends.
    await until(async () => events.length === 1, "the allowed request is reported");
    const outcomes: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const [what, argv, audited] of attempts) {
      events.length = 0;
      const finished: Finished = await run(sandbox, as(argv()) as [string, ...string[]]);
      const denied = () => events.some(({ decision, reason }) => decision === "denied" && reason !== undefined);
      if (audited === "audited") await until(async () => denied(), `${what} is reported`);
      const leaked = events.some(({ decision }) => decision === "allowed");
      const seen = denied() ? "audited" : "unseen";
      outcomes[what] = `${finished.exitCode === 0 || leaked ? "passed" : "failed"}, ${seen}`;
      wanted[what] = `failed, ${audited}`;
    }
    expect(outcomes).toEqual(wanted);
    expect(reached).toEqual([]);
  });
});

it("has loopback alone in every mode that goes out", async () => {
  for (const mode of ["sealed", "standard", "open"] as const) {
    await using sandbox = await fixture.create({ egress: { mode, models: [] } });
    expect((await run(sandbox, ["ls", "/sys/class/net"])).stdout).toBe("lo\n");
    const inspected = await fixture.engine().getContainer(sandbox.id).inspect();
    expect(inspected.HostConfig.NetworkMode).toBe("none");
  }
});

const isOutside = (address: string): boolean => !address.startsWith("127.");

it("reaches no address of this host, and none that is not public, in the mode open", async () => {
  const events: EgressEvent[] = [];
  const egressObserver = { onRequest: (event: EgressEvent) => events.push(event) };
  await using sandbox = await fixture.create({ egress: { mode: "open", models: [] } }, { egressObserver });
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.flatMap(({ address, family }) => (family === "IPv4" ? [address] : [])),
  );
  const hosts = new Set(["172.17.0.1", "169.254.169.254", "10.0.0.1", "100.64.0.1", ...own.filter(isOutside)]);
  const ask = async (host: string) => (await run(sandbox, [...viaProxy, `http://${host}:${servicePort}/`])).stdout;
  for (const host of hosts) expect(await ask(host), host).toContain(`${host} is `);
  // These are the sandbox itself.
  for (const host of ["localhost", "[::1]", "127.0.0.1"]) expect(await ask(host)).toContain("is this sandbox itself");
  await until(async () => events.length === hosts.size, "each is reported");
  expect(new Set(events.map(({ decision }) => decision))).toEqual(new Set(["denied"]));
  expect(reached).toEqual([]);
});
