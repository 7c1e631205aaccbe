import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyProject, installedNames } from "./support/empty-project.ts";
import { type InstallSet, installSets, vendorsOf } from "./support/install-sets.ts";
import { packExample } from "./support/pack-example.ts";
import { packPackages } from "./support/pack-packages.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-installs-")));
const env = {
  ANTHROPIC_API_KEY: "sk-ant-packed-0000",
  GLOVEBOX_HOME: join(folder, "home"),
  PROJECTS: folder,
  TEMPLATE_LAYER: JSON.stringify(createClaudeCode().template()),
};
const node20 = join(folder, "runtime/node_modules/node/bin/node");
const nodes = { "20": node20, "24": process.execPath };
let archives: ReadonlyMap<string, string>;

beforeAll(async () => {
  mkdirSync(join(folder, "runtime"));
  writeFileSync(join(folder, "runtime/package.json"), JSON.stringify({ dependencies: { node: "20.19.0" } }));
  await execa("npm", ["install", "--no-audit", "--no-fund"], { cwd: join(folder, "runtime") });
  const published = await packPackages(folder);
  const example = await packExample(join(folder, "example"), published);
  archives = new Map([...published, example]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function asked(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `file:${archives.get(name)}`]));
}

async function check(project: string, set: InstallSet, node: string): Promise<void> {
  const { stdout } = await execa(node, ["--input-type=module", "-e", set.program], { cwd: project, env });
  expect(stdout).toMatch(set.prints);
  const installed = [...installedNames(project)];
  expect(installed.filter((name) => name.startsWith("@glovebox/")).sort()).toEqual([...set.brings]);
  const strangers = Object.entries(vendorsOf).filter(([, owners]) => !owners.some((name) => set.brings.includes(name)));
  for (const [vendor] of strangers) expect(installed).not.toContain(vendor);
}

// Each manager and each Node once: what a manager puts on the disk does not depend on the Node it runs on.
describe.each([
  ["npm", "20"],
  ["pnpm", "24"],
] as const)("with %s on Node %s", (manager, version) => {
  it.each(installSets)("$title: works, and nothing else is on the disk", async (set) => {
    const node = nodes[version];
    const name = `${manager}-${installSets.indexOf(set)}`;
    const dependencies = asked(set.asks);
    const project = await emptyProject({ folder: join(folder, name), manager, node, dependencies, archives });
    await check(project, set, node);
  });
});

it("two copies of core recognise each other's errors", async () => {
  const core = `file:${archives.get("@glovebox/core")}`;
  const dependencies = { "@glovebox/core": core, "another-core": core };
  const to = join(folder, "two-copies");
  const project = await emptyProject({ folder: to, manager: "npm", node: node20, dependencies, archives: new Map() });
  const program = `
    import { SandboxError } from "@glovebox/core/provider";
    import { SandboxError as AnotherError, SandboxNotFoundError } from "another-core/provider";
    const error = new SandboxNotFoundError("gone");
    process.stdout.write([SandboxError === AnotherError, error instanceof SandboxError, SandboxError.isInstance(error), error.code].join());`;
  const { stdout } = await execa(node20, ["--input-type=module", "-e", program], { cwd: project });
  expect(stdout).toBe("false,false,true,not-found");
});
