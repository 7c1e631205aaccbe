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
import { baseOf, resolveFrom } from "../config/resolve-run.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent } from "../consent.ts";
import { formatBytes, formatDuration } from "../print/quantities.ts";
import { safeLine } from "../print/safe-text.ts";
import { StatusLine } from "../print/status-line.ts";
import { printTable } from "../print/table.ts";
import type { Terminal } from "../terminal.ts";
import { ensureProviderEngine } from "./docker-engine.ts";
import { openProvider } from "./open-provider.ts";

export interface ImageBuildOptions {
  readonly image?: string;
  readonly dockerfile?: string;
  readonly buildArg?: readonly string[];
  readonly rebuild?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox image build`. */
export async function buildImage(options: ImageBuildOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, env, cwd } = terminal;
  const home = homeFolder(env);
  const { config: user } = await loadUserConfig(home);
  const status = new StatusLine(stderr);
  const say = (message: string) =>
    stderr.isTTY ? status.set(message, { sameStage: true }) : stderr.line(safeLine(message));
  const consent = createConsent(terminal, { yes: options.yes, json: options.json, beforeAsking: () => status.stop() });
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
    return 0;
  } finally {
    status.stop();
  }
}

async function engineOf(terminal: Terminal) {
  const { config } = await loadUserConfig(homeFolder(terminal.env));
  const host = config.providers?.docker?.host;
  return createEngine(await resolveEngineEndpoint(typeof host === "string" ? { host } : {}));
}

/** The images that Glovebox made, the newest first. */
export async function gloveboxImages(terminal: Terminal): Promise<readonly GloveboxImage[]> {
  return await listImages(await engineOf(terminal));
}

/** `glovebox image ls`. */
export async function printImages(options: { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const images = await gloveboxImages(terminal);
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

/** `glovebox image rm`. */
export async function removeGloveboxImages(
  references: readonly string[],
  options: { readonly all?: boolean },
  terminal: Terminal,
): Promise<number> {
  if (references.length === 0 && !options.all) {
    throw new InvalidOptionsError("No image was named", { hint: "Name one from `glovebox image ls`, or give --all." });
  }
  const { removed, inUse } = await removeImages(await engineOf(terminal), options.all ? {} : { references });
  for (const image of removed) terminal.stdout.line(image.reference ?? image.id);
  for (const image of inUse) terminal.stderr.line(`${image.reference ?? image.id} is in use and stays`);
  return inUse.length > 0 && !options.all ? 5 : 0;
}
