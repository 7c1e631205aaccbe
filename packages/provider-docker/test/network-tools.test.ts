import { Readable } from "node:stream";
import type { EgressEvent, EgressPolicy, Sandbox } from "@glovebox/core/provider";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageServer } from "./package-server.ts";
import { reachableHost } from "./reachable-host.ts";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";
import { hostAddress, type TlsServer, tlsFixture } from "./tls-fixture.ts";

const fixture = sandboxFixture();
const tls = tlsFixture();
const npmRegistry = (await execa("npm", ["config", "get", "registry"])).stdout.trim();
const npm = await reachableHost(npmRegistry);
const pypi = await reachableHost("https://pypi.org/simple/six/");
const pypiFiles = await reachableHost("https://files.pythonhosted.org/");
const debian = await reachableHost("http://deb.debian.org/debian/dists/stable/Release");
let packages: TlsServer;

beforeAll(async () => {
  packages = await tls.serve(await packageServer(tls.directory));
});
afterAll(() => packages.close());

const standard = (allow: EgressPolicy["allow"] = [{ host: hostAddress, port: packages.port, source: "test" }]) =>
  ({ mode: "standard", models: [], allow }) satisfies EgressPolicy;

/** A project that needs packages and has a script of its own. */
async function npmProject(sandbox: Sandbox, dependencies: Readonly<Record<string, string>>): Promise<void> {
  const manifest = { private: true, scripts: { postinstall: "echo own > own" }, dependencies };
  await sandbox.files.writeStream("/workspace/package.json", Readable.from([Buffer.from(JSON.stringify(manifest))]));
}

describe("tools in a sandbox that may reach a registry", () => {
  it("npm installs with dependencies and scripts over TLS", async () => {
    await using sandbox = await fixture.create({ egress: standard() });
    await npmProject(sandbox, { "gb-main": "^1.0.0" });
    const installed = await shell(sandbox, `npm install --no-audit --no-fund --registry ${packages.url}/npm/`);
    expect(installed).toMatchObject({ exitCode: 0 });
    const script = "node -p \"require('gb-main')\"; cat own node_modules/gb-main/ran node_modules/gb-leaf/ran";
    expect((await shell(sandbox, script)).stdout).toBe("42\nown\nmainleaf");
  });

  it("pip installs over TLS", async () => {
    await using sandbox = await fixture.create({ egress: standard() });
    const script = `python3 -m venv /tmp/v && /tmp/v/bin/pip install -q -i ${packages.url}/simple gb-demo
      /tmp/v/bin/python -c "import gb_demo; print(gb_demo.greeting)"`;
    expect(await shell(sandbox, script)).toMatchObject({ stdout: "from the wheel\n", exitCode: 0 });
  });

  it("curl, Python and Node's own fetch find the way, as the agent and as root", async () => {
    await using sandbox = await fixture.create({ egress: standard(), rootInside: true });
    const url = `${packages.url}/simple/gb-demo/`;
    const programs: [string, ...string[]][] = [
      ["curl", "-sS", url],
      ["python3", "-c", `import urllib.request as u; print(u.urlopen("${url}").read().decode(), end="")`],
      ["node", "-e", `fetch("${url}").then((r) => r.text()).then((t) => process.stdout.write(t))`],
    ];
    for (const program of programs) {
      for (const argv of [program, ["sudo", ...program] as const]) {
        const { stdout, stderr } = await run(sandbox, argv as [string, ...string[]]);
        expect(stdout, `${argv.slice(0, 2).join(" ")}: ${stderr}`).toMatch(/^<a href=/);
      }
    }
  });

  it("npm and pip say at once that a host is refused", async () => {
    const events: EgressEvent[] = [];
    const egressObserver = { onRequest: (event: EgressEvent) => events.push(event) };
    await using sandbox = await fixture.create({ egress: { mode: "sealed", models: [] } }, { egressObserver });
    const npmSays = await run(sandbox, ["npm", "view", "x", "--registry", "https://npm.example.com/"]);
    expect(npmSays.stderr).toContain("npm.example.com:443 is not among the hosts that this run may reach");
    const pip = ["python3", "-m", "pip", "download", "-i", "https://pip.example.com/simple", "x"] as const;
    const pipSays = await run(sandbox, [...pip]);
    expect(pipSays.stderr).toContain("pip.example.com:443 is not among the hosts that this run may reach");
    expect(events.filter(({ host }) => host === "npm.example.com").length).toBeLessThanOrEqual(2);
    expect(events.filter(({ host }) => host === "pip.example.com").length).toBeLessThanOrEqual(2);
    expect(
      events.every(({ decision, remedy }) => decision === "denied" && remedy !== undefined && "allowHost" in remedy),
    ).toBe(true);
  });
});

describe("tools against the public registries", () => {
  it.skipIf(npm.missing)(`npm installs from the host's registry${reason(npm.missing)}`, async () => {
    await using sandbox = await fixture.create({ egress: standard(npm.rules) });
    await npmProject(sandbox, { "is-odd": "3.0.1", esbuild: "0.25.12" });
    const installed = await shell(sandbox, `npm install --no-audit --no-fund --registry ${npmRegistry}`);
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    const script = "node -p \"require('is-odd')(3)\"; npx esbuild --version; cat own";
    expect((await shell(sandbox, script)).stdout).toBe("true\n0.25.12\nown\n");
  });

  const noPypi = pypi.missing ?? pypiFiles.missing;
  it.skipIf(noPypi)(`pip installs from PyPI${reason(noPypi)}`, async () => {
    await using sandbox = await fixture.create({ egress: standard([...pypi.rules, ...pypiFiles.rules]) });
    const script = `python3 -m venv /tmp/v && /tmp/v/bin/pip install -q python-dateutil
      /tmp/v/bin/python -c "import dateutil, six; print('there')"`;
    expect(await shell(sandbox, script)).toMatchObject({ stdout: "there\n", exitCode: 0 });
  });

  it.skipIf(debian.missing)(`apt installs from Debian's mirror, as root${reason(debian.missing)}`, async () => {
    await using sandbox = await fixture.create({ egress: standard(debian.rules), rootInside: true });
    const updated = await run(sandbox, ["sudo", "apt-get", "update"]);
    expect(updated, updated.stderr).toMatchObject({ exitCode: 0 });
    const installed = await run(sandbox, ["sudo", "apt-get", "install", "-y", "--no-install-recommends", "hello"]);
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect((await run(sandbox, ["hello"])).stdout).toBe("Hello, world!\n");
  });
});

function reason(missing: string | undefined): string {
  return missing === undefined ? "" : ` (${missing})`;
}
