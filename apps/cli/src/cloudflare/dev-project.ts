import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHarness } from "@glovebox/core";
import { InvalidOptionsError, SandboxAbortedError, SandboxUnavailableError } from "@glovebox/core/provider";
import { homeFolder } from "../config/home-folder.ts";
import { resolveFrom } from "../config/plugins.ts";
import { createConsent } from "../consent.ts";
import { asTyped } from "../print/command-name.ts";
import { safeLine } from "../print/safe-text.ts";
import { StatusLine } from "../print/status-line.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { type CloudflarePackage, findCloudflarePackage } from "./cloudflare-package.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";
import { ensureDevKey } from "./dev-vars.ts";
import { startDockerStandIn } from "./docker-stand-in.ts";
import { findWrangler, type Wrangler } from "./find-wrangler.ts";
import { ensureInterceptorImage } from "./interceptor-image.ts";
import { readyEngine } from "./local-engine.ts";
import { prepareLocalImages } from "./local-images.ts";
import { pullThrough, requireImage } from "./pull-image.ts";
import { aboutWorker, type WorkerAddress } from "./worker-api.ts";
import { openProject, type WorkerProject } from "./worker-project.ts";

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
  terminal: Terminal,
): Promise<number> {
  const { stderr, env, cwd } = terminal;
  const home = homeFolder(env);
  const status = new StatusLine(stderr);
  const say = (message: string) =>
    stderr.isTTY ? status.set(message, { sameStage: true }) : stderr.line(safeLine(message));
  const consent = createConsent(terminal, { ...options, beforeAsking: () => status.stop() });
  const stop = new AbortController();
  const kill = new AbortController();
  using _ = listenForInterrupts({
    first: () => stop.abort(new SandboxAbortedError("Stopped")),
    second: () => kill.abort(),
  });
  const project = await openProject(directory, cwd);
  const source = await findCloudflarePackage(home, consent);
  const wrangler = await findWrangler({ projectFolder: project.folder, home, path: env.PATH, source, consent, say });
  await requireFreePort(options.port);
  const key = await ensureDevKey(project.folder);
  const folder = await mkdtemp(join(tmpdir(), "glovebox-dev-"));
  try {
    const session = { project, source, wrangler, key, folder, consent, say, stop: stop.signal, kill: kill.signal };
    await serve({ ...session, ready: () => status.stop() }, options, terminal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    throw error;
  } finally {
    status.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface DevSession {
  readonly project: WorkerProject;
  readonly source: CloudflarePackage;
  readonly wrangler: Wrangler;
  readonly key: string;
  /** For what lives as long as this. */
  readonly folder: string;
  readonly consent: (question: string) => Promise<boolean>;
  readonly say: (message: string) => void;
  /** Called when it serves. */
  readonly ready: () => void;
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
}

/** Resolves when it was told to stop. What it started is gone then, in the reverse order. */
async function serve(session: DevSession, options: DevOptions, terminal: Terminal): Promise<void> {
  const { project, source, wrangler, key, folder, consent, say, ready, stop, kill } = session;
  const { stderr, env } = terminal;
  const { engine, address } = await readyEngine(terminal, { consent, say, signal: stop });
  if (!address.startsWith("unix://")) {
    throw new InvalidOptionsError(
      `The local runtime reaches an engine by a socket of this machine, and not by ${address}`,
    );
  }
  const harness = await loadHarness("claude-code", { resolveFrom: resolveFrom(homeFolder(env)) });
  const debootstrap = () => consent("The base image is made from Debian's packages. Install debootstrap for it?");
  const shared = { engine, onProgress: say, consent: debootstrap, signal: stop };
  await using images = await prepareLocalImages({ ...shared, project, harness: harness.template() });
  for (const reference of project.references) await requireImage(engine, reference, say);
  const interceptor = await ensureInterceptorImage({ ...shared, source, harness: harness.template(), env });
  await using docker = await startDockerStandIn(folder, {
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
      // Whatever chose it: the stand-in knows no contexts.
      DOCKER_HOST: address,
      WRANGLER_DOCKER_BIN: docker.program,
      ...(interceptor === undefined ? {} : { MINIFLARE_CONTAINER_EGRESS_IMAGE: interceptor }),
    },
    folder,
    onLine: options.verbose ? (line) => stderr.line(safeLine(line, 500)) : () => {},
    kill,
  });
  const url = `http://localhost:${options.port}`;
  await untilServing(server, { url, key }, stop);
  ready();
  announce({ url, key }, project.name, options, terminal);
  await Promise.race([server.ended, aborted(stop)]);
  if (!stop.aborted) throw server.failure();
  say("Ending it, and removing its containers");
}

function announce({ url, key }: WorkerAddress, name: string, { json }: DevOptions, terminal: Terminal): void {
  const { stdout, stderr, env } = terminal;
  if (json) stdout.line(JSON.stringify({ url, apiKey: key }));
  else {
    stderr.line(`The Worker ${name} answers on ${url}. Ctrl-C ends it. To use it, in another terminal:`);
    stdout.line(`export GLOVEBOX_CLOUDFLARE_URL=${url}`);
    stdout.line(`export GLOVEBOX_CLOUDFLARE_API_KEY=${key}`);
    stderr.line(asTyped('glovebox run --provider cloudflare "Build a todo app"', env));
  }
}

const pollMs = 200;

/** wrangler holds a request until there is a Worker to answer it, which may be never. */
async function untilServing(server: DevServer, address: WorkerAddress, signal: AbortSignal): Promise<void> {
  const either = AbortSignal.any([signal, server.failed]);
  for (;;) {
    signal.throwIfAborted();
    if (server.failed.aborted) throw server.failure();
    try {
      await aboutWorker(address, either);
      return;
    } catch (error) {
      // It answers with nothing, or as somebody else's Worker, until its own code is loaded.
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
    throw new SandboxUnavailableError(`Port ${port} cannot be used: ${code}`, { retryable: false, cause });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
