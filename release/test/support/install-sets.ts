import { pageProvider } from "./page-provider.ts";

/** A set of packages that people install together, and what must come of it. */
export interface InstallSet {
  readonly title: string;
  /** What the user asks for; a name of ours that is an example is packed from there. */
  readonly asks: readonly string[];
  /** Every package of ours that is then on the disk. */
  readonly brings: readonly string[];
  /** Run as an ES module in the project; prints its last line. */
  readonly program: string;
  readonly prints: RegExp;
}

const sandboxProgram = `
  import { createSandbox, exec } from "@glovebox/core";
  import { createDockerProvider } from "@glovebox/provider-docker";
  const layers = [JSON.parse(process.env.TEMPLATE_LAYER)];
  const sandbox = await createSandbox({ provider: createDockerProvider(), layers });
  try {
    process.stdout.write((await exec(sandbox, ["echo", "from inside"])).stdout);
  } finally { await sandbox.destroy(); }`;

const commandProgram = `
  import { execFileSync } from "node:child_process";
  import { writeFileSync } from "node:fs";
  import { dirname, join } from "node:path";
  const env = { ...process.env, PATH: dirname(process.execPath) + ":" + process.env.PATH };
  const installed = join(process.cwd(), "node_modules/.bin/glovebox");
  const glovebox = (...args) => execFileSync(installed, args, { encoding: "utf8", env, stdio: "pipe" });
  if (!glovebox("--help").includes("glovebox run")) throw new Error("no help");
  writeFileSync("variables", "TRIED=yes");
  const plan = glovebox("run", "Try", "--dry-run", "--env-file", "variables");
  if (!plan.includes("TRIED")) throw new Error(plan);
  try { glovebox("run", "Try", "--env-file", "missing"); } catch ({ status, stderr }) {
    if (status !== 2) throw new Error("Node has taken --env-file: " + stderr);
  }
  if (plan.includes(process.env.ANTHROPIC_API_KEY)) throw new Error("the key is printed");
  const inHarnesses = ["codex", "gemini", "opencode", "qwen"].filter((name) => !glovebox("harnesses").includes(name));
  if (inHarnesses.length > 0) throw new Error("missing: " + inHarnesses);
  process.stdout.write("planned");`;

const bubblewrapProgram = `
  import { mkdtempSync, rmSync } from "node:fs";
  import { join } from "node:path";
  import { createSandbox, exec } from "@glovebox/core";
  import { SandboxError } from "@glovebox/core/provider";
  import { provider as plugin } from "@acme/glovebox-bubblewrap";
  const stateDir = mkdtempSync(join(process.env.PROJECTS, "bubblewrap-"));
  const provider = plugin.create({ stateDir });
  const sandbox = await createSandbox({ provider });
  try {
    process.stdout.write((await exec(sandbox, ["echo", "from inside"])).stdout);
  } finally { await sandbox.destroy(); }
  const gone = await provider.connect(sandbox.id).catch((error) => error);
  if (!SandboxError.isInstance(gone) || gone.code !== "not-found") throw gone;
  rmSync(stateDir, { recursive: true, force: true });`;

/** A provider that reaches its service by the network, asked where there is none: it is loaded whole, and says so. */
const unreachedProgram = (name: string, factory: string, settings: string) => `
  import { ${factory} } from "${name}";
  const { ready, findings } = await ${factory}(${settings}).preflight();
  if (ready || !findings.some((finding) => finding.status === "problem" && finding.hint)) throw new Error("no problem");
  process.stdout.write("unreached");`;

const pageProgram = `
  import { ownerLabel, runLabel } from "@glovebox/core/provider";
  ${pageProvider()}
  const mini = provider.create({});
  const template = await mini.prepare({ base: { kind: "default" }, layers: [] });
  const sandbox = await mini.create({
    template, labels: { [ownerLabel]: "packed", [runLabel]: "packed-" + process.pid }, ttlMs: 60000, env: {},
    egress: { mode: "none", models: [] }, idempotencyKey: "packed-" + process.pid,
  });
  try {
    const echo = await sandbox.spawn(["echo", "from inside"]);
    for await (const chunk of echo.output) if ("bytes" in chunk) process.stdout.write(chunk.bytes);
  } finally { await sandbox.destroy(); }`;

/** A provider of our own makes its set here. */
export const installSets: readonly InstallSet[] = [
  {
    title: "core and the Docker provider",
    asks: ["@glovebox/core", "@glovebox/provider-docker"],
    brings: [
      "@glovebox/core",
      "@glovebox/egress-gateway",
      "@glovebox/image-builder",
      "@glovebox/provider-docker",
      "@glovebox/provider-kit",
      "@glovebox/supervisor",
    ],
    program: sandboxProgram,
    prints: /^from inside$/,
  },
  {
    title: "core and a harness",
    asks: ["@glovebox/core", "@glovebox/harness-claude-code"],
    brings: ["@glovebox/core", "@glovebox/harness-claude-code", "@glovebox/model-apis"],
    program: `
      import { createClaudeCode } from "@glovebox/harness-claude-code";
      process.stdout.write(createClaudeCode().template().npmPackage);`,
    prints: /^@anthropic-ai\/claude-code$/,
  },
  {
    title: "the provider that the page about providers begins with",
    asks: ["@glovebox/core", "@glovebox/image-builder", "@glovebox/provider-kit", "zod"],
    brings: [
      "@glovebox/core",
      "@glovebox/egress-gateway",
      "@glovebox/image-builder",
      "@glovebox/provider-kit",
      "@glovebox/supervisor",
    ],
    program: pageProgram,
    prints: /^from inside$/,
  },
  {
    title: "core and a third party's provider",
    asks: ["@glovebox/core", "@acme/glovebox-bubblewrap"],
    brings: ["@glovebox/core", "@glovebox/egress-gateway", "@glovebox/provider-kit", "@glovebox/supervisor"],
    program: bubblewrapProgram,
    prints: /^from inside$/,
  },
  {
    title: "core and the E2B provider",
    asks: ["@glovebox/core", "@glovebox/provider-e2b"],
    brings: [
      "@glovebox/core",
      "@glovebox/egress-gateway",
      "@glovebox/image-builder",
      "@glovebox/provider-e2b",
      "@glovebox/provider-kit",
      "@glovebox/supervisor",
    ],
    program: unreachedProgram(
      "@glovebox/provider-e2b",
      "createE2bProvider",
      '{ apiKey: "e2b_00000000", apiUrl: "http://127.0.0.1:9" }',
    ),
    prints: /^unreached$/,
  },
  {
    title: "core and the Cloudflare provider",
    asks: ["@glovebox/core", "@glovebox/provider-cloudflare"],
    brings: [
      "@glovebox/core",
      "@glovebox/egress-gateway",
      "@glovebox/image-builder",
      "@glovebox/provider-cloudflare",
      "@glovebox/provider-kit",
      "@glovebox/supervisor",
    ],
    program: unreachedProgram(
      "@glovebox/provider-cloudflare",
      "createCloudflareProvider",
      '{ url: "http://127.0.0.1:9", apiKey: "0000000000000000" }',
    ),
    prints: /^unreached$/,
  },
  {
    title: "core and the Kubernetes provider",
    asks: ["@glovebox/core", "@glovebox/provider-kubernetes"],
    brings: [
      "@glovebox/core",
      "@glovebox/egress-gateway",
      "@glovebox/image-builder",
      "@glovebox/provider-kit",
      "@glovebox/provider-kubernetes",
      "@glovebox/supervisor",
    ],
    program: `
      import { writeFileSync } from "node:fs";
      const cluster = { server: "https://127.0.0.1:9" };
      const config = {
        apiVersion: "v1", kind: "Config", "current-context": "nowhere", users: [{ name: "nobody", user: {} }],
        clusters: [{ name: "nowhere", cluster }], contexts: [{ name: "nowhere", context: { cluster: "nowhere", user: "nobody" } }],
      };
      writeFileSync("kubeconfig", JSON.stringify(config));
      ${unreachedProgram("@glovebox/provider-kubernetes", "createKubernetesProvider", '{ kubeconfig: "kubeconfig" }')}`,
    prints: /^unreached$/,
  },
  {
    title: "the server alone",
    asks: ["@glovebox/server"],
    brings: [
      "@glovebox/batch",
      "@glovebox/components",
      "@glovebox/core",
      "@glovebox/dashboard",
      "@glovebox/e2b-gateway",
      "@glovebox/egress-gateway",
      "@glovebox/harness-claude-code",
      "@glovebox/harness-codex",
      "@glovebox/harness-gemini",
      "@glovebox/harness-opencode",
      "@glovebox/image-builder",
      "@glovebox/model-apis",
      "@glovebox/provider-docker",
      "@glovebox/provider-kit",
      "@glovebox/server",
      "@glovebox/store",
      "@glovebox/supervisor",
    ],
    program: `
      import { execFileSync } from "node:child_process";
      import { readFileSync } from "node:fs";
      import { dirname, join } from "node:path";
      const manifest = join(process.cwd(), "node_modules/@glovebox/server/package.json");
      const main = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin["glovebox-server"]);
      if (!execFileSync(process.execPath, [main, "--help"], { encoding: "utf8" }).includes("--host")) throw new Error("no help");
      process.stdout.write("helped");`,
    prints: /^helped$/,
  },
  {
    title: "the command line alone",
    asks: ["@glovebox/cli"],
    brings: [
      "@glovebox/batch",
      "@glovebox/cli",
      "@glovebox/client",
      "@glovebox/components",
      "@glovebox/core",
      "@glovebox/egress-gateway",
      "@glovebox/harness-acp",
      "@glovebox/harness-claude-code",
      "@glovebox/harness-codex",
      "@glovebox/harness-gemini",
      "@glovebox/harness-opencode",
      "@glovebox/image-builder",
      "@glovebox/model-accounts",
      "@glovebox/model-apis",
      "@glovebox/provider-docker",
      "@glovebox/provider-kit",
      "@glovebox/supervisor",
    ],
    program: commandProgram,
    prints: /planned$/,
  },
];

/** Of vendors and tools: none of them comes with a set that did not ask for it. */
export const vendorsOf: Readonly<Record<string, readonly string[]>> = {
  dockerode: ["@glovebox/provider-docker"],
  e2b: ["@glovebox/provider-e2b"],
  "@kubernetes/client-node": ["@glovebox/provider-kubernetes"],
  wrangler: [],
  miniflare: [],
  hono: ["@glovebox/server"],
  commander: ["@glovebox/cli", "@glovebox/server"],
  "@clack/prompts": ["@glovebox/cli"],
  vitest: [],
};
