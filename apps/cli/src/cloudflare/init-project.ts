import { basename, relative, resolve } from "node:path";
import { loadHarness } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { createTwoFilesPatch } from "diff";
import { homeFolder } from "../config/home-folder.ts";
import { resolveFrom } from "../config/plugins.ts";
import { createConsent } from "../consent.ts";
import { asTyped } from "../print/command-name.ts";
import { safeLine, safeText } from "../print/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { findCloudflarePackage } from "./cloudflare-package.ts";
import { projectFiles } from "./project-files.ts";
import { readManifest } from "./project-manifest.ts";
import { defaultFolder } from "./worker-project.ts";
import { type WrittenFile, writeProject } from "./write-project.ts";

export interface InitOptions {
  readonly name?: string;
  readonly managedImage?: boolean;
  readonly ownImage?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox cloudflare init`. */
export async function initProject(
  directory: string | undefined,
  options: InitOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr, env, cwd } = terminal;
  const home = homeFolder(env);
  const folder = resolve(cwd, directory ?? defaultFolder);
  const source = await findCloudflarePackage(home, createConsent(terminal, options));
  const before = await readManifest(folder);
  const harness = await loadHarness("claude-code", { resolveFrom: resolveFrom(home) });
  const name = parseName(options.name ?? before?.name ?? defaultName(folder));
  const managedImage = options.managedImage ?? (options.ownImage ? false : (before?.managedImage ?? false));
  const files = await projectFiles(source, { name, managedImage, harness: harness.template() });
  const manifest = { version: source.version, name, managedImage };
  const written = await writeProject(folder, files, { manifest, force: options.force ?? false });
  if (options.json) {
    stdout.line(JSON.stringify({ folder, name, managedImage, files: written.map(withoutDifference) }));
    return 0;
  }
  for (const file of written) printFile(file, terminal);
  const shown = relative(cwd, folder) || ".";
  stdout.line(shown);
  if (written.some(({ action }) => action === "kept")) {
    stderr.line("What you changed was kept. --force writes over it.");
  }
  const where = shown === defaultFolder ? "" : ` ${shown}`;
  stderr.line(asTyped(`Try it here:     glovebox cloudflare dev${where}`, env));
  stderr.line(asTyped(`On Cloudflare:   glovebox cloudflare deploy${where}`, env));
  return 0;
}

function printFile(file: WrittenFile, { stderr }: Terminal): void {
  if (file.action === "unchanged") return;
  stderr.line(`${file.action.padEnd(8)}  ${file.path}`);
  if (file.difference === undefined) return;
  const { mine, theirs } = file.difference;
  const patch = createTwoFilesPatch("yours", `this version's`, mine, theirs, undefined, undefined, { context: 2 });
  // The first two lines are a title.
  for (const line of patch.trimEnd().split("\n").slice(1, 200)) stderr.line(`          ${safeText(line)}`);
}

function withoutDifference({ path, action }: WrittenFile) {
  return { path, action };
}

function defaultName(folder: string): string {
  if (basename(folder) === defaultFolder) return "glovebox";
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 54);
  return name || "glovebox";
}

/** What both a Worker and a container application may be called. */
function parseName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?$/.test(name)) return name;
  throw new InvalidOptionsError(`${safeLine(JSON.stringify(name))} is no name of a Worker`, {
    hint: "At most 54 of a-z, 0-9 and dash; as in --name my-glovebox.",
  });
}
