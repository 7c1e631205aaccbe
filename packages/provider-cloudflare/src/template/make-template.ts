import { randomUUID } from "node:crypto";
import { exec } from "@glovebox/core/exec";
import {
  ownerLabel,
  type PrepareOptions,
  runLabel,
  type Sandbox,
  type Template,
  TemplateError,
  type TemplateLayer,
  workspaceDir,
} from "@glovebox/core/provider";
import type { CloudflareContext } from "../cloudflare-context.ts";
import { npmRegistry } from "./npm-registry.ts";

const leaseMs = 20 * 60_000;
const checkTimeoutMs = 60_000;
const installTimeoutMs = 10 * 60_000;
const maxReportedCharacters = 500;

/** The npm prefix of the sandbox's user, which comes first in PATH. */
const prefix = "/home/agent/.npm-global";

export interface MakeTemplateOptions extends Pick<PrepareOptions, "signal" | "onProgress"> {
  /** The image as a template without layers. */
  readonly base: Template;
  readonly layers: readonly TemplateLayer[];
}

/**
 * Tests in a sandbox whether the image contains the harnesses. Installs those that are missing or have another version, and
 * saves a snapshot. Resolves to the template's reference.
 */
export async function makeTemplate(context: CloudflareContext, options: MakeTemplateOptions): Promise<string> {
  const { base, layers, signal, onProgress } = options;
  const registry = await npmRegistry();
  const name = `template-${randomUUID()}`;
  onProgress?.({ message: `starting a container from ${base.reference}` });
  const rule = {
    host: registry.hostname,
    ...(registry.port !== "" && { port: Number(registry.port) }),
    mayBePrivate: true,
    source: "your npm configuration",
  };
  await using sandbox = await context.create(
    {
      template: base,
      labels: { [ownerLabel]: name, [runLabel]: name },
      ttlMs: leaseMs,
      env: {},
      egress: { mode: "sealed", models: [], allow: [rule] },
      idempotencyKey: name,
    },
    { ...(signal && { signal }) },
  );
  const missing: TemplateLayer[] = [];
  for (const layer of layers) {
    onProgress?.({ message: `running ${layer.check.argv.join(" ")}` });
    if ((await checkLayer(sandbox, layer, signal)) !== undefined) missing.push(layer);
  }
  if (missing.length === 0) return base.reference;

  const packages = missing.map(({ npmPackage, npmVersion }) => `${npmPackage}@${npmVersion}`);
  onProgress?.({ message: `installing ${packages.join(", ")}` });
  await install(sandbox, { packages, registry, base, signal, onProgress });
  for (const layer of missing) {
    const problem = await checkLayer(sandbox, layer, signal);
    if (problem !== undefined) throw failed(`${layer.id} does not run in ${base.reference}: ${problem}`);
  }
  onProgress?.({ message: "saving a snapshot" });
  return (await sandbox.snapshot({ ...(signal && { signal }) })).reference;
}

/** Returns why a harness does not run, or `undefined` if it does. */
async function checkLayer(
  sandbox: Sandbox,
  { check }: TemplateLayer,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const ended = await run(sandbox, check.argv, { timeoutMs: checkTimeoutMs, signal });
  if (ended.exitCode === 0 && ended.output.includes(check.prints)) return undefined;
  const output = ended.output.replace(/\s+/g, " ").trim().slice(-maxReportedCharacters);
  return `${check.argv.join(" ")} exited with ${ended.exitCode ?? ended.reason}: ${output || "no output"}`;
}

interface InstallOptions {
  readonly base: Template;
  readonly onProgress: PrepareOptions["onProgress"] | undefined;
  readonly packages: readonly string[];
  readonly registry: URL;
  readonly signal: AbortSignal | undefined;
}

async function install(sandbox: Sandbox, options: InstallOptions): Promise<void> {
  const { packages, registry, base, signal, onProgress } = options;
  const flags = ["--global", "--prefix", prefix, "--no-audit", "--no-fund", "--no-update-notifier"];
  const argv = ["npm", "install", ...flags, "--registry", registry.href, ...packages];
  const onOutput = (output: string): void => onProgress?.({ message: `installing ${packages.join(", ")}`, output });
  const ended = await run(sandbox, argv, { timeoutMs: installTimeoutMs, signal, onOutput });
  if (ended.exitCode === 0) return;
  const output = ended.output.replace(/\s+/g, " ").trim().slice(-maxReportedCharacters);
  throw failed(
    `${packages.join(", ")} cannot be installed in ${base.reference} (${ended.exitCode ?? ended.reason}): ${output}`,
  );
}

interface RunOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onOutput?: (text: string) => void;
}

interface Ended {
  readonly exitCode: number | null;
  readonly reason: string;
  readonly output: string;
}

async function run(sandbox: Sandbox, argv: readonly string[], options: RunOptions): Promise<Ended> {
  const { timeoutMs, signal, onOutput } = options;
  const [program = "", ...rest] = argv;
  const onBytes = (bytes: Uint8Array): void => onOutput?.(Buffer.from(bytes).toString("utf8"));
  // With `env`, a missing program is an exit code like any other failure.
  const { stdout, stderr, exitCode, reason } = await exec(sandbox, ["env", program, ...rest], {
    cwd: workspaceDir,
    timeoutMs,
    signal,
    onStdout: onBytes,
    onStderr: onBytes,
  });
  return { exitCode, reason, output: `${stdout}\n${stderr}` };
}

function failed(message: string): TemplateError {
  return new TemplateError(message, {
    providerId: "cloudflare",
    hint: "Install it in the image: see the Dockerfile in the project of `glovebox cloudflare init`.",
  });
}
