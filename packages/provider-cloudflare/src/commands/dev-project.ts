import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError, SandboxAbortedError, SandboxUnavailableError } from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { type CloudflarePackage, cloudflarePackage } from "./cloudflare-package.ts";
import { aboutWorker, type WorkerAddress } from "./deployed/worker-api.ts";
import { ensureInterceptorImage, proxyImageVariable } from "./local/interceptor-image.ts";
import { readyEngine } from "./local/local-engine.ts";
import { prepareLocalImages } from "./local/local-images.ts";
import { pullThrough, requireImage } from "./local/pull-image.ts";
import { nameProxyForSession } from "./local/session-images.ts";
import { ensureDevKey } from "./project/dev-vars.ts";
import { openProject, type WorkerProject } from "./project/worker-project.ts";
import { type DevServer, startDevServer } from "./wrangler/dev-server.ts";
import { startDockerShim } from "./wrangler/docker-shim.ts";
import { findWrangler, type Wrangler } from "./wrangler/find-wrangler.ts";

export interface DevOptions {
  readonly port: number;
  readonly verbose?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox cloudflare dev`: serves the Worker on this machine until Ctrl-C. */
export async function devProject(
  directory: string | undefined,
  options: DevOptions,
  context: CommandContext,
): Promise<number> {
  const { cwd } = context;
  const progress = context.createProgress();
  const say = (message: string) => progress.say(message);
  const consent = context.createConsent({ ...options, ciAgrees: true, beforeAsking: () => progress.stop() });
  const stop = new AbortController();
  const kill = new AbortController();
  using _ = context.listenForInterrupts({
    first: () => stop.abort(new SandboxAbortedError("Stopped")),
    second: () => kill.abort(),
  });
  const project = await openProject(directory, cwd);
  const source = cloudflarePackage();
  const wrangler = await findWrangler({ projectDirectory: project.directory, context, source, consent, say });
  await requireFreePort(options.port);
  const key = await ensureDevKey(project.directory);
  const temporary = await makeTemporaryDirectory("glovebox-dev");
  try {
    const session = { project, source, wrangler, key, temporary, consent, say, stop: stop.signal, kill: kill.signal };
    await serve({ ...session, ready: () => progress.stop() }, options, context);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    throw error;
  } finally {
    progress.stop();
    await rm(temporary, { recursive: true, force: true });
  }
}

interface DevSession {
  readonly project: WorkerProject;
  readonly source: CloudflarePackage;
  readonly wrangler: Wrangler;
  readonly key: string;
  /** A temporary directory of this session. */
  readonly temporary: string;
  readonly consent: (question: string) => Promise<boolean>;
  readonly say: (message: string) => void;
  /** Called when the Worker is ready. */
  readonly ready: () => void;
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
}

/** Serves until it is stopped, and then stops in reverse order what it started. */
async function serve(session: DevSession, options: DevOptions, context: CommandContext): Promise<void> {
  const { project, source, wrangler, key, temporary, consent, say, ready, stop, kill } = session;
  const { stderr, env } = context;
  const { engine, tools, address } = await readyEngine(context, { consent, say, signal: stop });
  if (!address.startsWith("unix://")) {
    throw new InvalidOptionsError(`The local runtime needs a Docker engine on a local socket, not ${address}`);
  }
  const harness = await context.loadHarness();
  const debootstrap = () => consent("Building the base image from Debian's packages requires debootstrap. Install it?");
  const shared = { engine, tools, onProgress: say, consent: debootstrap, signal: stop };
  await using images = await prepareLocalImages({ ...shared, project, harness: harness.template() });
  for (const reference of project.references) await requireImage(engine, reference, say);
  const interceptor = await ensureInterceptorImage({ ...shared, source, harness: harness.template(), env });
  const proxy = await nameProxyForSession(engine, interceptor);
  await using docker = await startDockerShim(temporary, {
    build: images.name,
    pull: (reference) => pullThrough(engine, reference),
  });
  say("Starting wrangler");
  await using server = startDevServer({
    wrangler,
    project,
    port: options.port,
    env: {
      ...env,
      // The replacement of the docker command does not support contexts.
      DOCKER_HOST: address,
      WRANGLER_DOCKER_BIN: docker.program,
      [proxyImageVariable]: proxy,
    },
    directory: temporary,
    onLine: options.verbose ? (line) => stderr.line(safeLine(line, 500)) : () => {},
    kill,
  });
  const url = `http://localhost:${options.port}`;
  await untilServing(server, { url, key }, stop);
  ready();
  printAddress({ url, key }, project.name, options, context);
  await Promise.race([server.ended, aborted(stop)]);
  if (!stop.aborted) throw server.failure();
  say("Stopping, and removing the containers");
}

function printAddress({ url, key }: WorkerAddress, name: string, { json }: DevOptions, context: CommandContext): void {
  const { stdout, stderr } = context;
  if (json) stdout.json({ url, apiKey: key });
  else {
    stderr.line(`The Worker ${name} is running on ${url}. Press Ctrl-C to stop it. To use it, in another terminal:`);
    stdout.line(`export GLOVEBOX_CLOUDFLARE_URL=${url}`);
    stdout.line(`export GLOVEBOX_CLOUDFLARE_API_KEY=${key}`);
    stderr.line(context.asTyped('glovebox run --provider cloudflare "Build a todo app"'));
  }
}

const pollMs = 200;

/** wrangler delays requests until the Worker is loaded, possibly forever. */
async function untilServing(server: DevServer, address: WorkerAddress, signal: AbortSignal): Promise<void> {
  const either = AbortSignal.any([signal, server.failed]);
  for (;;) {
    signal.throwIfAborted();
    if (server.failed.aborted) throw server.failure();
    try {
      await aboutWorker(address, either);
      return;
    } catch (error) {
      // Until its code is loaded, responses are empty or come from another Worker.
      if ((error as { readonly code?: string }).code !== "unavailable") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new InvalidOptionsError(`Port ${port} is in use`, { hint: "Choose another: --port 8788.", cause });
    }
    throw new SandboxUnavailableError(`Cannot listen on port ${port}: ${code}`, { retryable: false, cause });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
