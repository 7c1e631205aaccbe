import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { agentBinary } from "../src/index.ts";

let root: string;

/** An npm that notes each call, and installs a program which prints what was asked for. */
const npm = `#!/bin/sh
echo "$PWD" >> "$NPM_CALLS"
for name; do :; done
mkdir -p node_modules/.bin
[ -n "$NPM_FAILS" ] && { echo "no such version" >&2; exit 1; }
sleep 0.2
printf '#!/bin/sh\\necho %s\\n' "$name" > node_modules/.bin/agent
chmod +x node_modules/.bin/agent
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-agents-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/npm"), npm, { mode: 0o755 });
  vi.stubEnv("PATH", `${join(root, "bin")}${delimiter}${process.env.PATH}`);
  vi.stubEnv("NPM_CALLS", join(root, "calls"));
  vi.stubEnv("GLOVEBOX_AGENT_CACHE", join(root, "cache"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const calls = () => readFileSync(join(root, "calls"), "utf8").trim().split("\n");

describe("agentBinary", () => {
  it("installs a version once for all who ask, at once and later", async () => {
    const paths = await Promise.all([1, 2, 3].map(() => agentBinary("@acme/agent", "1.2.3")));
    expect(new Set([...paths, await agentBinary("@acme/agent", "1.2.3")]).size).toBe(1);
    expect(calls()).toHaveLength(1);
    const { stdout } = spawnSync(join(paths[0] ?? "", "agent"), { encoding: "utf8" });
    expect(stdout).toBe("@acme/agent@1.2.3\n");
    expect(await agentBinary("@acme/agent", "1.2.4")).not.toBe(paths[0]);
  });

  it("takes no half install for a whole one, and says what npm said", async () => {
    vi.stubEnv("NPM_FAILS", "1");
    await expect(agentBinary("agent", "1.0.0")).rejects.toThrow(/agent@1\.0\.0.*no such version/s);
    expect(readdirSync(join(root, "cache"))).toEqual([".installing"]);
    vi.stubEnv("NPM_FAILS", "");
    expect(await agentBinary("agent", "1.0.0")).toContain("agent@1.0.0");
    expect(calls()).toHaveLength(2);
  });

  it.each(["latest", "^1.0.0", "1", "../1.0.0"])("rejects %s as a version", async (version) => {
    await expect(agentBinary("agent", version)).rejects.toMatchObject({ code: "invalid-options" });
  });

  it.each(["../agent", "agent --x", "-g"])("rejects %s as a package", async (name) => {
    await expect(agentBinary(name, "1.0.0")).rejects.toMatchObject({ code: "invalid-options" });
  });
});
