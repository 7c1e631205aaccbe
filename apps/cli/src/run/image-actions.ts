import { loadHarness } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import {
  createEngine,
  type GloveboxImage,
  listImages,
  removeImages,
  resolveEngineEndpoint,
} from "@glovebox/provider-docker";
import { homeFolder } from "../config/home-folder.ts";
import { e2bKeyVariable, resolveFrom } from "../config/plugins.ts";
import { baseOf } from "../config/resolve-run.ts";
import { visibleSecret } from "../config/run-env.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent } from "../consent.ts";
import { formatBytes, formatDuration } from "../print/quantities.ts";
import { safeLine } from "../print/safe-text.ts";
import { StatusLine } from "../print/status-line.ts";
import { printTable } from "../print/table.ts";
import type { Terminal } from "../terminal.ts";
import { ensureProviderEngine, requireEngine } from "./docker-engine.ts";
import { openProvider } from "./open-provider.ts";

export interface ImageBuildOptions {
  readonly e2bApiKey?: string;
  readonly provider?: string;
  readonly image?: string;
  readonly template?: string;
  readonly dockerfile?: string;
  readonly buildArg?: readonly string[];
  readonly rebuild?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox image build` and `glovebox template build`. */
export async function buildImage(options: ImageBuildOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, env, cwd } = terminal;
  const home = homeFolder(env);
  const { config: user } = await loadUserConfig(home);
  const status = new StatusLine(stderr);
  const say = (message: string) =>
    stderr.isTTY ? status.set(message, { sameStage: true }) : stderr.line(safeLine(message));
  const consent = createConsent(terminal, { yes: options.yes, json: options.json, beforeAsking: () => status.stop() });
  if (options.e2bApiKey !== undefined) stderr.line(visibleSecret("--e2b-api-key", e2bKeyVariable));
  const { provider, engineHost } = await openProvider(terminal, options);
  const harness = await loadHarness("claude-code", { resolveFrom: resolveFrom(home) });
  try {
    await ensureProviderEngine(provider, {
      host: engineHost,
      consent,
      onProgress: say,
      signal: new AbortController().signal,
    });
    let last = "";
    const template = await provider.prepare(
      { base: baseOf(options, user, cwd), layers: [harness.template()] },
      {
        rebuild: options.rebuild ?? false,
        onProgress: ({ message, output }) => {
          if (stderr.isTTY) say(output === undefined ? message : `${message}: ${output}`);
          else if (message !== last) say(message);
          last = message;
        },
      },
    );
    status.stop();
    if (options.json) stdout.line(JSON.stringify(template));
    else stdout.line(`${template.reference} ${template.reused ? "was there" : "was built"}`);
    if (template.notice !== undefined) stderr.line(safeLine(template.notice));
    return 0;
  } finally {
    status.stop();
  }
}

async function engineOf(terminal: Terminal) {
  const loaded = await openProvider(terminal, { provider: "docker", json: true });
  await requireEngine(loaded);
  const { engineHost: host } = loaded;
  return createEngine(await resolveEngineEndpoint(host === undefined ? {} : { host }));
}

/** The sandbox images that are there, by what this version makes of them. */
export interface SandboxImages {
  /** The one that a run without an image of its own starts from; absent until it is built. */
  readonly current?: GloveboxImage;
  /** Made before it: no run of this version takes them. */
  readonly older: readonly GloveboxImage[];
}

/** What a run would take is asked of the provider, and a build that it begins for want of it is given up at once. */
export async function sandboxImages(terminal: Terminal): Promise<SandboxImages> {
  const images = (await listImages(await engineOf(terminal))).filter(({ kind }) => kind === "sandbox");
  const { provider } = await openProvider(terminal, { provider: "docker", json: true });
  const harness = await loadHarness("claude-code", { resolveFrom: resolveFrom(homeFolder(terminal.env)) });
  const building = new AbortController();
  const options = { signal: building.signal, onProgress: () => building.abort() };
  try {
    const spec = { base: { kind: "default" }, layers: [harness.template()] } as const;
    const { reference } = await provider.prepare(spec, options);
    const current = images.find((image) => image.reference === reference);
    const older = images.filter((image) => current !== undefined && image.createdAt < current.createdAt);
    return { ...(current === undefined ? {} : { current }), older };
  } catch (error) {
    if (building.signal.aborted) return { older: images };
    throw error;
  }
}

/** `glovebox image ls`. */
export async function printImages(options: { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const images = await listImages(await engineOf(terminal));
  const { stdout, stderr } = terminal;
  if (options.json) for (const image of images) stdout.line(JSON.stringify(image));
  else if (images.length === 0) stderr.line("No images yet. glovebox image build makes one.");
  else {
    printTable(
      stdout,
      ["IMAGE", "KIND", "SIZE", "CREATED", "IN USE"],
      images.map((image) => [
        image.reference ?? image.id.slice(0, 19),
        image.kind,
        formatBytes(image.sizeBytes),
        `${formatDuration(Math.max(0, Date.now() - image.createdAt.getTime()))} ago`,
        String(image.containers),
      ]),
    );
  }
  return 0;
}

export interface RemoveImageOptions {
  readonly all?: boolean;
  readonly old?: boolean;
}

async function oldImages(terminal: Terminal): Promise<readonly string[]> {
  const { current, older } = await sandboxImages(terminal);
  if (current === undefined) {
    throw new InvalidOptionsError("The image of this version is not there yet, so none can be told to be older", {
      hint: "Make it with `glovebox image build`, or remove every image with --all.",
    });
  }
  return older.map(({ reference }) => reference);
}

/** `glovebox image rm`. */
export async function removeGloveboxImages(
  references: readonly string[],
  options: RemoveImageOptions,
  terminal: Terminal,
): Promise<number> {
  const { all, old } = options;
  if ([references.length > 0, all, old].filter(Boolean).length !== 1) {
    throw new InvalidOptionsError(references.length === 0 && !all ? "No image was named" : "Too much was named", {
      hint: "Name images from `glovebox image ls`, or give --old, or --all.",
    });
  }
  const named = old ? await oldImages(terminal) : references;
  const { removed, inUse } = await removeImages(await engineOf(terminal), all ? {} : { references: named });
  for (const image of removed) terminal.stdout.line(image.reference ?? image.id);
  for (const image of inUse) terminal.stderr.line(`${image.reference ?? image.id} is in use and stays`);
  return inUse.length > 0 && references.length > 0 ? 5 : 0;
}
