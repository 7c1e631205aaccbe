import { basename, relative, resolve } from "node:path";
import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine, safeText } from "@glovebox/core/text";
import { cloudflarePackage } from "./cloudflare-package.ts";
import { lineDifference } from "./project/line-difference.ts";
import { projectFiles } from "./project/project-files.ts";
import { readManifest } from "./project/project-manifest.ts";
import { defaultDirectory } from "./project/worker-project.ts";
import { type WrittenFile, writeProject } from "./project/write-project.ts";

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
  path: string | undefined,
  options: InitOptions,
  context: CommandContext,
): Promise<number> {
  const { stdout, stderr, cwd } = context;
  const directory = resolve(cwd, path ?? defaultDirectory);
  const source = cloudflarePackage();
  const before = await readManifest(directory);
  const harness = await context.loadHarness();
  const name = parseName(options.name ?? before?.name ?? defaultName(directory));
  const managedImage = options.managedImage ?? (options.ownImage ? false : (before?.managedImage ?? false));
  const files = await projectFiles(source, {
    name,
    managedImage,
    harness: harness.template(),
  });
  const manifest = { version: source.version, name, managedImage };
  const written = await writeProject(directory, files, { manifest, force: options.force ?? false });
  if (options.json) {
    stdout.json({ directory, name, managedImage, files: written.map(withoutDifference) });
    return 0;
  }
  for (const file of written) printFile(file, context);
  const shown = relative(cwd, directory) || ".";
  stdout.line(shown);
  if (written.some(({ action }) => action === "kept")) {
    stderr.line("Your changes were kept. Overwrite them with --force.");
  }
  const where = shown === defaultDirectory ? "" : ` ${shown}`;
  stderr.line(context.asTyped(`Try it here:     glovebox cloudflare dev${where}`));
  stderr.line(context.asTyped(`On Cloudflare:   glovebox cloudflare deploy${where}`));
  return 0;
}

function printFile(file: WrittenFile, { stderr }: CommandContext): void {
  if (file.action === "unchanged") return;
  stderr.line(`${file.action.padEnd(8)}  ${file.path}`);
  if (file.difference === undefined) return;
  const { mine, theirs } = file.difference;
  stderr.line("          --- yours");
  stderr.line("          +++ this version's");
  for (const line of lineDifference(mine, theirs).slice(0, 200)) stderr.line(`          ${safeText(line)}`);
}

function withoutDifference({ path, action }: WrittenFile) {
  return { path, action };
}

function defaultName(directory: string): string {
  if (basename(directory) === defaultDirectory) return "glovebox";
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 54);
  return name || "glovebox";
}

/** Names that are valid for both a Worker and a container application. */
function parseName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?$/.test(name)) return name;
  throw new InvalidOptionsError(`Invalid Worker name ${safeLine(JSON.stringify(name))}`, {
    hint: "Use at most 54 characters from a-z, 0-9 and dashes: --name my-glovebox.",
  });
}
