import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "glovebox-packed-"));
const project = join(folder, "project");

/** What `pnpm test` has built, packed. Only the packages that a library's user asks for, as they would be published, on the oldest Node that is supported. */
beforeAll(async () => {
  const packages = ["core", "supervisor", "egress-gateway", "provider-docker", "harness-claude-code"].map(
    (name) => `packages/${name}`,
  );
  for (const name of [...packages, "apps/cli"]) {
    await execa("npx", ["-y", "pnpm@10.34.9", "pack", "--pack-destination", folder], { cwd: join(root, name) });
  }
  mkdirSync(project);
  const tarballs = Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith(".tgz"))
      .map((file) => [`@glovebox/${file.replace(/^glovebox-|-\d+\.\d+\.\d+.*$/g, "")}`, `file:../${file}`]),
  );
  const { "@glovebox/cli": cli, ...libraries } = tarballs;
  expect(cli).toBeDefined();
  const manifest = { name: "project", private: true, type: "module", dependencies: { ...libraries, node: "20.19.0" } };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  await execa("npm", ["install", "--no-audit", "--no-fund"], { cwd: project });
  const command = join(folder, "command");
  mkdirSync(command);
  writeFileSync(
    join(command, "package.json"),
    JSON.stringify({ private: true, dependencies: tarballs, overrides: libraries }),
  );
  await execa("npm", ["install", "--no-audit", "--no-fund"], { cwd: command });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node20 = join(project, "node_modules/node/bin/node");

describe("the packages as published", () => {
  it("run a command in a sandbox, with core and the Docker provider alone", async () => {
    const script = `
      import { ownerLabel, runLabel } from "@glovebox/core/provider";
      import { createDockerProvider } from "@glovebox/provider-docker";
      import { createClaudeCode } from "@glovebox/harness-claude-code";
      const provider = createDockerProvider();
      const template = await provider.prepare({ base: { kind: "default" }, layers: [createClaudeCode().template()] });
      const sandbox = await provider.create({
        template, labels: { [ownerLabel]: "packed", [runLabel]: "packed-1" }, ttlMs: 60000, env: {},
        egress: { mode: "none", models: [] }, idempotencyKey: "packed-" + process.pid,
      });
      try {
        const echo = await sandbox.spawn(["echo", "from inside"]);
        for await (const chunk of echo.output) if ("bytes" in chunk) process.stdout.write(chunk.bytes);
        console.log(process.version, template.reused);
      } finally { await sandbox.destroy(); }`;
    const { stdout } = await execa(node20, ["--input-type=module", "-e", script], { cwd: project });
    expect(stdout).toBe("from inside\nv20.19.0 true");
  });

  it("bring neither another provider nor the command line", () => {
    const installed = readdirSync(join(project, "node_modules"));
    expect(installed).not.toContain("e2b");
    expect(installed).not.toContain("wrangler");
    expect(installed).not.toContain("commander");
    expect(readdirSync(join(project, "node_modules/@glovebox")).sort()).toEqual([
      "core",
      "egress-gateway",
      "harness-claude-code",
      "provider-docker",
      "supervisor",
    ]);
  });

  it("give the command line, which loads no vendor's SDK to print its help", async () => {
    const glovebox = join(folder, "command/node_modules/@glovebox/cli/dist/main.js");
    const { stdout } = await execa(node20, [glovebox, "--help"]);
    expect(stdout).toContain("glovebox run");
    const plan = await execa(node20, [glovebox, "run", "Try", "--dry-run"], {
      cwd: folder,
      env: { ANTHROPIC_API_KEY: "sk-ant-packed-0000", GLOVEBOX_HOME: join(folder, "home") },
    });
    expect(plan.stdout).not.toContain("sk-ant-packed-0000");
    expect(plan.exitCode).toBe(0);
  });
});
