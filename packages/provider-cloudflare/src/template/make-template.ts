import { randomUUID } from "node:crypto";
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
import { createSandbox } from "../create-sandbox.ts";
import { npmRegistry } from "./npm-registry.ts";

const leaseMs = 20 * 60_000;
const checkTimeoutMs = 60_000;
const installTimeoutMs = 10 * 60_000;
const maxToldCharacters = 500;

/** Where npm puts what a sandbox's user installs; it comes first in the sandbox's PATH. */
const prefix = "/home/agent/.npm-global";

export interface MakeTemplateOptions extends Pick<PrepareOptions, "signal" | "onProgress"> {
  /** The image, as a template without layers. */
  readonly base: Template;
  readonly layers: readonly TemplateLayer[];
}

/**
 * Proves in a sandbox that the image holds the harnesses, each by its own check. What is missing or of another version is
 * installed there and kept as a snapshot. Resolves to the template's reference.
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
  await using sandbox = await createSandbox(
    context,
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
  onProgress?.({ message: "keeping it as a snapshot" });
  return (await sandbox.snapshot({ ...(signal && { signal }) })).reference;
}

/** Why a harness does not run, undefined when it does. */
async function checkLayer(
  sandbox: Sandbox,
  { check }: TemplateLayer,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const ended = await run(sandbox, check.argv, { timeoutMs: checkTimeoutMs, signal });
  if (ended.exitCode === 0 && ended.output.includes(check.prints)) return undefined;
  const said = ended.output.replace(/\s+/g, " ").trim().slice(-maxToldCharacters);
  return `${check.argv.join(" ")} gave ${ended.exitCode ?? ended.reason}: ${said || "nothing"}`;
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
  const said = ended.output.replace(/\s+/g, " ").trim().slice(-maxToldCharacters);
  throw failed(
    `${packages.join(", ")} could not be installed in ${base.reference} (${ended.exitCode ?? ended.reason}): ${said}`,
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
  // By env: that a program is missing is an exit code then, as any other failure.
  const process = await sandbox.spawn(["env", program, ...rest], {
    cwd: workspaceDir,
    timeoutMs,
    ...(signal && { signal }),
  });
  let output = "";
  for await (const chunk of process.output) {
    if (!("bytes" in chunk)) continue;
    const text = Buffer.from(chunk.bytes).toString("utf8");
    output = (output + text).slice(-16_384);
    onOutput?.(text);
  }
  const { exitCode, reason } = await process.exit;
  return { exitCode, reason, output };
}

function failed(message: string): TemplateError {
  return new TemplateError(message, {
    providerId: "cloudflare",
    hint: "Put it into the image: the project of `glovebox cloudflare init` has a Dockerfile that does.",
  });
}
