import { setTimeout as pause } from "node:timers/promises";
import {
  InvalidOptionsError,
  SandboxError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { execa } from "execa";
import { homeFolder } from "../config/home-folder.ts";
import { createConsent } from "../consent.ts";
import { asTyped } from "../print/command-name.ts";
import { safeLine } from "../print/safe-text.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { checkAccount } from "./check-account.ts";
import { type CloudflarePackage, findCloudflarePackage } from "./cloudflare-package.ts";
import { keyName, newKey } from "./dev-vars.ts";
import { findWrangler, type Wrangler } from "./find-wrangler.ts";
import { readManifest } from "./project-manifest.ts";
import { runWrangler, type WranglerEntry } from "./run-wrangler.ts";
import { knownWorker, parseUrl, saveWorker } from "./worker-address.ts";
import { type AboutWorker, aboutWorker, type WorkerAddress } from "./worker-api.ts";
import { openProject, type WorkerProject } from "./worker-project.ts";

export interface DeployOptions {
  readonly dryRun?: boolean;
  readonly save?: boolean;
  readonly newKey?: boolean;
  readonly execute?: boolean;
  readonly url?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

type Step = (args: readonly string[], input?: string) => Promise<readonly WranglerEntry[]>;

/** A name of workers.dev that was made a moment ago is not known everywhere at once. */
const patienceMs = 5 * 60_000;

/** `glovebox cloudflare deploy`. */
export async function deployProject(
  directory: string | undefined,
  options: DeployOptions,
  terminal: Terminal,
): Promise<number> {
  const { stderr, env, cwd } = terminal;
  const home = homeFolder(env);
  const consent = createConsent(terminal, options);
  const stop = new AbortController();
  using _ = listenForInterrupts({ first: () => stop.abort(), second: () => {} });
  const given = options.url === undefined ? undefined : parseUrl(options.url);
  const project = await openProject(directory, cwd);
  if (options.execute && !env.ANTHROPIC_API_KEY) {
    throw new InvalidOptionsError("--execute gives the Worker your ANTHROPIC_API_KEY, which is not set");
  }
  if (!options.dryRun) await checkAccount(env);
  const source = await findCloudflarePackage(home, consent);
  const say = (line: string) => stderr.line(safeLine(line, 300));
  const wrangler = await findWrangler({ projectFolder: project.folder, home, path: env.PATH, source, consent, say });
  const step: Step = async (args, input) =>
    await runWrangler({
      wrangler,
      project,
      args,
      env,
      signal: stop.signal,
      onLine: (line) => line.trim() !== "" && say(`  ${line}`),
      ...(input === undefined ? {} : { input }),
    });
  const hasDocker = project.images.size === 0 || (await canBuild(env));
  if (options.dryRun) return await dryRun(step, { project, hasDocker, wrangler }, terminal);
  if (!hasDocker) throw noDocker();
  const key = await chooseKey({ options, home, given, terminal });
  stderr.line(`Deploying ${project.name} with wrangler ${wrangler.version}`);
  const url = given ?? addressOf(await step(["deploy"]));
  stderr.line("Setting its key");
  await step(["secret", "put", keyName], key);
  if (options.execute) await step(["secret", "put", "ANTHROPIC_API_KEY"], env.ANTHROPIC_API_KEY);
  stderr.line(`Waiting for ${url}`);
  const about = await untilDeployed({ url, key }, await expectedVersion(project, source), stop.signal);
  stderr.line(`Version ${about.version} answers`);
  return await tell({ url, key }, project, { options, home, consent }, terminal);
}

async function dryRun(
  step: Step,
  known: { readonly project: WorkerProject; readonly hasDocker: boolean; readonly wrangler: Wrangler },
  { stderr, stdout }: Terminal,
): Promise<number> {
  if (!known.hasDocker) stderr.line("Docker with buildx is not there: the image is left out. A deploy needs it.");
  await step(["deploy", "--dry-run", ...(known.hasDocker ? [] : ["--containers-rollout=none"])]);
  stdout.line(`${known.project.name} can be deployed; nothing was`);
  return 0;
}

/** wrangler builds images with the docker command and its buildx. */
async function canBuild(env: Terminal["env"]): Promise<boolean> {
  const docker = env.WRANGLER_DOCKER_BIN ?? "docker";
  const calls = [["buildx", "version"], ["info"]].map((args) =>
    execa(docker, args, { reject: false, stdin: "ignore" }),
  );
  return (await Promise.all(calls)).every(({ failed }) => !failed);
}

function noDocker(): Error {
  return new SandboxUnavailableError("Docker with buildx is not there, with which wrangler builds the image", {
    retryable: false,
    hint: "Install it; or do without an image of your own: `glovebox cloudflare init --managed-image`.",
  });
}

/** The key that the Worker already has, where it is known here: its other users go on. */
async function chooseKey(from: {
  readonly options: DeployOptions;
  readonly home: string;
  readonly given: string | undefined;
  readonly terminal: Terminal;
}): Promise<string> {
  if (from.options.newKey) return newKey();
  const own = from.terminal.env.GLOVEBOX_CLOUDFLARE_API_KEY;
  const { url, key } = await knownWorker(from.home, from.terminal.env);
  const isDev = url !== undefined && /^http:/.test(url);
  return (isDev ? undefined : (key ?? own)) ?? newKey();
}

function addressOf(entries: readonly WranglerEntry[]): string {
  const targets = entries.find(({ type }) => type === "deploy")?.targets ?? [];
  const url = targets.find((target) => target.startsWith("https://")) ?? targets[0];
  if (url !== undefined) return parseUrl(url.startsWith("http") ? url : `https://${url}`);
  throw new SandboxUnavailableError("The Worker is deployed, and wrangler does not say where it answers", {
    retryable: false,
    hint: "Has it a route or workers_dev? Tell its address: --url https://….",
  });
}

async function expectedVersion(project: WorkerProject, source: CloudflarePackage): Promise<string> {
  return (await readManifest(project.folder))?.version ?? source.version;
}

async function untilDeployed(address: WorkerAddress, version: string, signal: AbortSignal): Promise<AboutWorker> {
  const deadline = performance.now() + patienceMs;
  let last = "it did not answer";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const about = await aboutWorker(address, signal);
      if (about.version === version) return about;
      last = `version ${about.version} answers, and not ${version}`;
    } catch (error) {
      // Until the deployment and the secret have reached every place, an older one or nobody answers.
      if (!SandboxError.isInstance(error)) throw error;
      last = error.message;
    }
    await pause(2000, undefined, { signal });
  }
  throw new SandboxTimeoutError(`The Worker is deployed, but not in service after 5 minutes: ${last}`, {
    hint: "`glovebox cloudflare status` asks it again.",
  });
}

async function tell(
  { url, key }: WorkerAddress,
  project: WorkerProject,
  from: {
    readonly options: DeployOptions;
    readonly home: string;
    readonly consent: (question: string) => Promise<boolean>;
  },
  { stdout, stderr, env }: Terminal,
): Promise<number> {
  const image = project.images.size === 0 ? { image: "cloudflare/debian-trixie" } : {};
  const settings = { url, apiKey: key, ...image };
  const isSaved =
    from.options.save ??
    (!from.options.json && (await from.consent("Save the address and the key in your config.json?")));
  if (isSaved) stderr.line(`Saved in ${await saveWorker(from.home, settings)}`);
  if (from.options.json) stdout.line(JSON.stringify(settings));
  else if (isSaved) stdout.line(url);
  else {
    stdout.line(`export GLOVEBOX_CLOUDFLARE_URL=${url}`);
    stdout.line(`export GLOVEBOX_CLOUDFLARE_API_KEY=${key}`);
  }
  stderr.line(asTyped(`glovebox run --provider cloudflare "Build a todo app"`, env));
  return 0;
}
