import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { EgressEvent, EgressPolicy, Remedy, Sandbox } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();
const port = 8123;
const policy = { mode: "standard", models: [], allow: [] } satisfies EgressPolicy;

const names = [
  ...["localhost", "127.0.0.1", "127.0.0.2", "127.0.1.1", "127.1", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1"],
  ...["[::1]", "[::ffff:127.0.0.1]", "localhost.localdomain", "ip6-localhost", "$(hostname)"],
];

const python = `import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).read().decode())`;
const requests = `import sys; from pip._vendor import requests; print(requests.get(sys.argv[1], timeout=10).text)`;
const fetched = `fetch(process.argv[1]).then((r) => r.text()).then(console.log, (e) => console.log(String(e.cause ?? e)))`;
const got = `require("node:http").get(process.argv[1], (r) => r.pipe(process.stdout)).on("error", (e) => console.log(String(e)))`;

/** As each asks by itself, with the sandbox's own variables. */
const tools: Readonly<Record<string, string>> = {
  curl: "curl -sS -g -m 10",
  "curl, always by the proxy": "curl -sS -g -m 10 --noproxy ''",
  urllib: `python3 -c '${python}'`,
  requests: `/tmp/v/bin/python -c '${requests}'`,
  fetch: `node -e '${fetched}'`,
  "node:http": `node -e '${got}'`,
};

async function requested(sandbox: Sandbox): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  await shell(sandbox, "python3 -m venv /tmp/v");
  await sandbox.spawn(["python3", "-c", server, String(port)]);
  await shell(sandbox, `until curl -s -m 1 --noproxy '*' http://127.0.0.1:${port}/; do sleep 0.1; done`);
  for (const [tool, command] of Object.entries(tools)) {
    const lines = names.map((name) => `echo "${name} $(${command} "http://${name}:${port}/" 2>&1 | tail -n 1)"`);
    const { stdout } = await shell(sandbox, lines.join("\n"));
    answers[tool] = stdout.trim().replace(/^\S+ /gm, "");
  }
  return answers;
}

const server = `
import http.server, sys
class Here(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("content-length", "4"); self.end_headers(); self.wfile.write(b"here")
http.server.ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Here).serve_forever()
`;

it("its own servers answer curl, Python and Node by every name of the sandbox, and nothing of that leaves it", async () => {
  const events: EgressEvent[] = [];
  await using sandbox = await fixture.create(
    { egress: policy },
    { egressObserver: { onRequest: (event) => events.push(event) } },
  );
  const answers = await requested(sandbox);
  const here = names.map(() => "here").join("\n");
  expect(answers).toEqual(Object.fromEntries(Object.keys(tools).map((tool) => [tool, here])));
  expect(events).toEqual([]);
});

it("a name where nothing listens is reported as such, and the gateway names no flag that would open this machine", async () => {
  await using service = await (async () => {
    const here = createServer((_, response) => response.end("the host's"));
    await new Promise<void>((resolve) => here.listen(0, "127.0.0.1", resolve));
    return { port: (here.address() as AddressInfo).port, [Symbol.asyncDispose]: async () => void here.close() };
  })();
  const events: EgressEvent[] = [];
  const observer = { onRequest: (event: EgressEvent) => void events.push(event) };
  const describeRemedy = (remedy: Remedy) => JSON.stringify(remedy);
  const create = (egress: EgressPolicy) =>
    fixture.create({ egress: { ...egress, describeRemedy } }, { egressObserver: observer });
  const ask = async (sandbox: Sandbox, ...hosts: readonly string[]) => {
    const urls = hosts.map((host) => `http://${host}:${service.port}/`).join(" ");
    return (await shell(sandbox, `curl -sS -g -m 10 --noproxy '' ${urls}`)).stdout;
  };
  await using sandbox = await create(policy);
  expect(await ask(sandbox, "127.0.0.2")).toContain(`127.0.0.2:${service.port} is this sandbox itself`);
  expect(events).toEqual([]);
  // A connection that asked for another host before goes to the gateway as it is.
  for (const host of ["127.0.0.1", "a.localhost", "0.0.0.0"]) {
    const answer = await ask(sandbox, "elsewhere.test", host);
    expect(answer).not.toContain("the host's");
    expect(answer).not.toMatch(new RegExp(`"allowHost":"${host.replaceAll(".", "\\.")}`));
  }
  await using named = await create({ ...policy, allow: [{ host: "127.0.0.1", port: service.port, source: "test" }] });
  expect(await ask(named, "127.0.0.1")).toBe("the host's");
  await using open = await create({ mode: "open", models: [] });
  expect(await ask(open, "127.0.0.1")).toContain("is this sandbox itself");
  expect(JSON.stringify(events)).not.toMatch(/"allowHost":"(?:127|0\.0|localhost|\[|a\.localhost)/);
});
