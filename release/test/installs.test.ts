import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyProject, installedNames } from "./support/empty-project.ts";
import { installNode } from "./support/install-node.ts";
import { type InstallSet, installSets, vendorsOf } from "./support/install-sets.ts";
import { packExample } from "./support/pack-example.ts";
import { packPackages } from "./support/pack-packages.ts";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-installs-")));
const env = {
  ANTHROPIC_API_KEY: "sk-ant-packed-0000",
  GLOVEBOX_HOME: join(directory, "home"),
  PROJECTS: directory,
  TEMPLATE_LAYER: JSON.stringify(createClaudeCode().template()),
};
let oldestNode: string;
let archives: ReadonlyMap<string, string>;

beforeAll(async () => {
  oldestNode = await installNode(join(directory, "runtime"), "22.22.0");
  const published = await packPackages(directory);
  const example = await packExample(join(directory, "example"), published);
  archives = new Map([...published, example]);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function requested(names: readonly string[]): Record<string, string> {
  // What is not ours comes from the registry.
  const source = (name: string) => (archives.has(name) ? `file:${archives.get(name)}` : "*");
  return Object.fromEntries(names.map((name) => [name, source(name)]));
}

async function check(project: string, set: InstallSet, node: string): Promise<void> {
  const { stdout } = await execa(node, ["--input-type=module", "-e", set.program], { cwd: project, env });
  expect(stdout).toMatch(set.prints);
  const installed = [...installedNames(project)];
  expect(installed.filter((name) => name.startsWith("@glovebox/")).sort()).toEqual([...set.brings]);
  const strangers = Object.entries(vendorsOf).filter(([, owners]) => !owners.some((name) => set.brings.includes(name)));
  for (const [vendor] of strangers) expect(installed).not.toContain(vendor);
}

// Each manager and each Node once: what a manager puts on the disk does not depend on the Node it runs on. Each takes every
// other set, and both the command line.
describe.each([
  ["npm", "22", 0],
  ["pnpm", "24", 1],
] as const)("with %s on Node %s", (manager, version, turn) => {
  it.each(installSets.filter(({ asks }, index) => index % 2 === turn || asks.includes("@glovebox/cli")))(
    "$title: works, and nothing else is on the disk",
    async (set) => {
      const node = version === "22" ? oldestNode : process.execPath;
      const name = `${manager}-${installSets.indexOf(set)}`;
      const dependencies = requested(set.asks);
      const project = await emptyProject({ directory: join(directory, name), manager, node, dependencies, archives });
      await check(project, set, node);
    },
    300_000,
  );
});

it("two copies of core recognise each other's errors", async () => {
  const core = `file:${archives.get("@glovebox/core")}`;
  const dependencies = { "@glovebox/core": core, "another-core": core };
  const to = join(directory, "two-copies");
  const project = await emptyProject({
    directory: to,
    manager: "npm",
    node: oldestNode,
    dependencies,
    archives: new Map(),
  });
  const program = `
    import { SandboxError } from "@glovebox/core/provider";
    import { SandboxError as AnotherError, SandboxNotFoundError } from "another-core/provider";
    const error = new SandboxNotFoundError("gone");
    process.stdout.write([SandboxError === AnotherError, error instanceof SandboxError, SandboxError.isInstance(error), error.code].join());`;
  const { stdout } = await execa(oldestNode, ["--input-type=module", "-e", program], { cwd: project });
  expect(stdout).toBe("false,false,true,not-found");
});
