import { type EgressEvent, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitServer, makeRepository } from "./git-server.ts";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";
import { hostAddress, type TlsServer, tlsFixture } from "./tls-fixture.ts";

const fixture = sandboxFixture();
const tls = tlsFixture();
const token = `token-${Math.random().toString(36).slice(2)}`;
const basic = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
let open: TlsServer;
let locked: TlsServer;

beforeAll(async () => {
  await makeRepository(tls.directory, "open.git");
  await makeRepository(tls.directory, "locked.git");
  open = await tls.serve(gitServer(tls.directory, () => true));
  locked = await tls.serve(gitServer(tls.directory, (authorization) => authorization === basic));
});
afterAll(() => Promise.all([open.close(), locked.close()]));

const allowed = (): EgressPolicy => ({
  mode: "standard",
  models: [],
  allow: [{ host: hostAddress, port: open.port, source: "test" }],
});

const withCredential = (): EgressPolicy => ({
  mode: "standard",
  models: [],
  credentials: [
    {
      host: hostAddress,
      port: locked.port,
      header: "authorization",
      scheme: "Basic",
      secret: new Secret("TOKEN", token),
      source: "test",
    },
  ],
});

describe("git in a sandbox", () => {
  it("clones over https from a host whose certificate this host trusts", async () => {
    await using sandbox = await fixture.create({ egress: allowed() });
    const cloned = await shell(sandbox, `git clone -q ${open.url}/open.git && cat open/readme`);
    expect(cloned).toMatchObject({ stdout: "hello\n", stderr: "", exitCode: 0 });
  });

  it.each(["git@HOST:open.git", "ssh://git@HOST/open.git"])("finds %s over https", async (address) => {
    await using sandbox = await fixture.create({ egress: allowed() });
    const cloned = await run(sandbox, ["git", "clone", "-q", address.replace("HOST", hostAddress), "/tmp/clone"]);
    expect(cloned).toMatchObject({ stderr: "", exitCode: 0 });
  });

  it("clones and pushes with a credential that is added outside and is nowhere inside", async () => {
    const events: EgressEvent[] = [];
    const egressObserver = { onRequest: (event: EgressEvent) => events.push(event) };
    await using sandbox = await fixture.create({ egress: withCredential(), rootInside: true }, { egressObserver });
    const script = `set -e
      git clone -q ${locked.url}/locked.git work && cd work
      git config user.name A && git config user.email a@example.com
      echo more > more && git add . && git commit -q -m More && git push -q origin main
      git clone -q git@${hostAddress}:locked.git ../again && ls ../again`;
    expect(await shell(sandbox, script)).toMatchObject({ stdout: "more\nreadme\n", exitCode: 0 });
    expect(events.length).toBeGreaterThan(4);
    expect(events.filter(({ decision }) => decision !== "allowed")).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ path: "/locked.git/git-receive-pack", method: "POST" }));
    expect(JSON.stringify(events)).not.toContain(token);
    const everything =
      "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline; find /home /workspace /tmp /run /etc /var /opt/glovebox -type f -size -4M -exec cat {} +";
    const { stdout } = await run(sandbox, ["sudo", "sh", "-c", `(${everything}) 2>/dev/null`]);
    expect(stdout.length).toBeGreaterThan(100_000);
    expect(stdout).not.toContain(token);
    expect(stdout).not.toContain(basic.slice("Basic ".length));
  });

  it("has its own credentials stripped", async () => {
    await using sandbox = await fixture.create({ egress: { ...withCredential() } });
    const mine = await shell(sandbox, `git clone -q https://me:mine@${hostAddress}:${locked.port}/locked.git && ls`);
    expect(mine).toMatchObject({ stdout: "locked\n", exitCode: 0 });
  });
});
