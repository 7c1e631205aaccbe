import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError, SandboxAbortedError, SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { execa } from "execa";
import { type CloudflarePackage, cloudflarePackage } from "./cloudflare-package.ts";
import { checkAccount } from "./deployed/check-account.ts";
import { waitForDeployment } from "./deployed/wait-for-deployment.ts";
import { knownWorker, parseUrl, saveWorker } from "./deployed/worker-address.ts";
import type { WorkerAddress } from "./deployed/worker-api.ts";
import { dryRunProject } from "./dry-run-project.ts";
import { keyName, newKey } from "./project/dev-vars.ts";
import { readManifest } from "./project/project-manifest.ts";
import { openProject, type WorkerProject } from "./project/worker-project.ts";
import { findWrangler } from "./wrangler/find-wrangler.ts";
import { runWrangler, type WranglerEntry, withoutAccount } from "./wrangler/run-wrangler.ts";

export interface DeployOptions {
  readonly dryRun?: boolean;
  readonly save?: boolean;
  readonly newKey?: boolean;
  readonly execute?: boolean;
  readonly url?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox cloudflare deploy`. */
export async function deployProject(
  directory: string | undefined,
  options: DeployOptions,
  context: CommandContext,
): Promise<number> {
  const { stderr, env, cwd } = context;
  const consent = context.createConsent({ ...options, ciAgrees: true });
  const stop = new AbortController();
  using _ = context.listenForInterrupts({
    first: () => stop.abort(new SandboxAbortedError("Stopped before the Worker was ready")),
    second: () => {},
  });
  const chosenUrl = options.url === undefined ? undefined : parseUrl(options.url);
  const project = await openProject(directory, cwd);
  if (options.execute && !env.ANTHROPIC_API_KEY) {
    throw new InvalidOptionsError("--execute requires ANTHROPIC_API_KEY, which is not set");
  }
  if (!options.dryRun) await checkAccount(env);
  const source = cloudflarePackage();
  const say = (line: string) => stderr.line(safeLine(line, 300));
  const wrangler = await findWrangler({ projectDirectory: project.directory, context, source, consent, say });
  const step = async (args: readonly string[], input?: string, more: CommandContext["env"] = {}) =>
    await runWrangler({
      wrangler,
      project,
      args,
      env: { ...(options.dryRun ? withoutAccount(env) : env), ...more },
      signal: stop.signal,
      onLine: (line) => line.trim() !== "" && say(`  ${line}`),
      ...(input === undefined ? {} : { input }),
    });
  if (options.dryRun) return await dryRunProject(project, { step, signal: stop.signal }, context);
  if (project.images.size > 0 && !(await canBuild(env))) throw noDocker();
  stderr.line(`Deploying ${project.name} with wrangler ${wrangler.version}`);
  const deployed = await step(["deploy"]);
  const url = chosenUrl ?? addressOf(deployed.entries);
  const key = await chooseKey(url, options, context);
  stderr.line("Setting its key");
  await step(["secret", "put", keyName], key);
  if (options.execute) await step(["secret", "put", "ANTHROPIC_API_KEY"], env.ANTHROPIC_API_KEY);
  stderr.line(`Waiting for ${url}`);
  const about = await waitForDeployment({ url, key }, await expectedVersion(project, source), stop.signal);
  stderr.line(`Version ${about.version} is running`);
  return await tell({ url, key }, options, context);
}

/** wrangler builds images with the docker command and buildx. */
async function canBuild(env: CommandContext["env"]): Promise<boolean> {
  const docker = env.WRANGLER_DOCKER_BIN ?? "docker";
  const calls = [["buildx", "version"], ["info"]].map((args) =>
    execa(docker, args, { reject: false, stdin: "ignore" }),
  );
  return (await Promise.all(calls)).every(({ failed }) => !failed);
}

function noDocker(): Error {
  return new SandboxUnavailableError("wrangler needs Docker with buildx to build the image", {
    retryable: false,
    hint: "Install it, or use Cloudflare's image: `glovebox cloudflare init --managed-image`.",
  });
}

/** Returns the Worker's current key if it is known, so that its other users keep access; else the environment's or a new one. */
async function chooseKey(url: string, { newKey: isNew }: DeployOptions, context: CommandContext): Promise<string> {
  const known = await knownWorker(context);
  const isIts = known.url === undefined || known.url === url;
  return (!isNew && isIts ? known.key : undefined) ?? newKey();
}

function addressOf(entries: readonly WranglerEntry[]): string {
  const targets = entries.find(({ type }) => type === "deploy")?.targets ?? [];
  const url = targets.find((target) => target.startsWith("https://")) ?? targets[0];
  if (url !== undefined) return parseUrl(url.startsWith("http") ? url : `https://${url}`);
  throw new SandboxUnavailableError("The Worker is deployed, but wrangler did not report its URL", {
    retryable: false,
    hint: "Check that it has a route or workers_dev, and pass its URL: --url https://….",
  });
}

async function expectedVersion(project: WorkerProject, source: CloudflarePackage): Promise<string> {
  return (await readManifest(project.directory))?.version ?? source.version;
}

async function tell({ url, key }: WorkerAddress, options: DeployOptions, context: CommandContext): Promise<number> {
  const { stdout, stderr } = context;
  const consent = context.createConsent(options);
  const settings = { url, apiKey: key };
  const isSaved = options.save ?? (!options.json && (await consent("Save the URL and the key in your config.json?")));
  if (isSaved) stderr.line(`Saved in ${await saveWorker(context, settings)}`);
  if (options.json) stdout.json(settings);
  else if (isSaved) stdout.line(url);
  else {
    stdout.line(`export GLOVEBOX_CLOUDFLARE_URL=${url}`);
    stdout.line(`export GLOVEBOX_CLOUDFLARE_API_KEY=${key}`);
  }
  stderr.line(context.asTyped(`glovebox run --provider cloudflare "Build a todo app"`));
  return 0;
}
