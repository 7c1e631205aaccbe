import { InvalidOptionsError, SandboxAbortedError, SandboxUnavailableError } from "@glovebox/core/provider";
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
import { dryRunProject } from "./dry-run-project.ts";
import { findWrangler } from "./find-wrangler.ts";
import { readManifest } from "./project-manifest.ts";
import { runWrangler, type WranglerEntry, withoutAccount } from "./run-wrangler.ts";
import { untilDeployed } from "./until-deployed.ts";
import { knownWorker, parseUrl, saveWorker } from "./worker-address.ts";
import type { WorkerAddress } from "./worker-api.ts";
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
  using _ = listenForInterrupts({
    first: () => stop.abort(new SandboxAbortedError("Stopped before the Worker was in service")),
    second: () => {},
  });
  const given = options.url === undefined ? undefined : parseUrl(options.url);
  const project = await openProject(directory, cwd);
  if (options.execute && !env.ANTHROPIC_API_KEY) {
    throw new InvalidOptionsError("--execute gives the Worker your ANTHROPIC_API_KEY, which is not set");
  }
  if (!options.dryRun) await checkAccount(env);
  const source = await findCloudflarePackage(home, consent);
  const say = (line: string) => stderr.line(safeLine(line, 300));
  const wrangler = await findWrangler({ projectFolder: project.folder, home, path: env.PATH, source, consent, say });
  const step = async (args: readonly string[], input?: string, more: Terminal["env"] = {}) =>
    await runWrangler({
      wrangler,
      project,
      args,
      env: { ...(options.dryRun ? withoutAccount(env) : env), ...more },
      signal: stop.signal,
      onLine: (line) => line.trim() !== "" && say(`  ${line}`),
      ...(input === undefined ? {} : { input }),
    });
  if (options.dryRun) return await dryRunProject(project, { step, signal: stop.signal }, terminal);
  if (project.images.size > 0 && !(await canBuild(env))) throw noDocker();
  stderr.line(`Deploying ${project.name} with wrangler ${wrangler.version}`);
  const deployed = await step(["deploy"]);
  const url = given ?? addressOf(deployed.entries);
  const key = await chooseKey(url, options, terminal);
  stderr.line("Setting its key");
  await step(["secret", "put", keyName], key);
  if (options.execute) await step(["secret", "put", "ANTHROPIC_API_KEY"], env.ANTHROPIC_API_KEY);
  stderr.line(`Waiting for ${url}`);
  const about = await untilDeployed({ url, key }, await expectedVersion(project, source), stop.signal);
  stderr.line(`Version ${about.version} answers`);
  return await tell({ url, key }, { options, home, consent }, terminal);
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

/** The key that the Worker already has, where it is known here, so that its other users go on; else the environment's, or a fresh one. */
async function chooseKey(url: string, { newKey: isNew }: DeployOptions, { env }: Terminal): Promise<string> {
  const known = await knownWorker(homeFolder(env), env);
  const isIts = known.url === undefined || known.url === url;
  return (!isNew && isIts ? known.key : undefined) ?? newKey();
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

async function tell(
  { url, key }: WorkerAddress,
  from: {
    readonly options: DeployOptions;
    readonly home: string;
    readonly consent: (question: string) => Promise<boolean>;
  },
  { stdout, stderr, env }: Terminal,
): Promise<number> {
  const settings = { url, apiKey: key };
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
