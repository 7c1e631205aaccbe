import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { sandboxUser } from "@glovebox/core/provider";
import { replaceFile, stateDirectory } from "@glovebox/core/state";
import { extract } from "tar-stream";
import { z } from "zod";
import type { ImageEngine, ImageFiles } from "../engine/image-engine.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { findPackageHosts, type PackageConfiguration, packageTools } from "./find-package-hosts.ts";

const maxFileBytes = 64 * 1024;
const maxEntries = 256;

const configurationPaths = [
  ...["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc", `${sandboxUser.home}/.npmrc`],
  ...["/etc/pip.conf", "/etc/xdg/pip/pip.conf", `${sandboxUser.home}/.config/pip/pip.conf`],
  ...["/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/apt/mirrors"],
];

/**
 * The hosts of the package registries that an image's own configuration names, as {@link findPackageHosts} finds them. Read
 * once per image and cached below the cache directory. Nothing of the image is run.
 */
export async function packageHosts(
  engine: ImageEngine,
  image: string,
  options: PrepareTemplateOptions,
): Promise<readonly string[]> {
  const cached = await knownPackageHosts(image, options);
  if (cached !== undefined) return cached;
  const hosts = findPackageHosts(await readConfiguration(engine, image, options.signal));
  await rememberPackageHosts(image, hosts, options);
  return hosts;
}

/** What is cached of an image's package hosts, by the image's digest; `undefined` where nobody looked into it here. */
export async function knownPackageHosts(
  image: string,
  options: Pick<PrepareTemplateOptions, "cacheDir" | "env">,
): Promise<readonly string[] | undefined> {
  return await readCached(cacheFile(image, options));
}

/** Caches an image's package hosts, by the image's digest. */
export async function rememberPackageHosts(
  image: string,
  hosts: readonly string[],
  options: Pick<PrepareTemplateOptions, "cacheDir" | "env">,
): Promise<void> {
  const file = cacheFile(image, options);
  try {
    await makeHostDirectory(dirname(file));
    await replaceFile(file, JSON.stringify(hosts));
  } catch {
    // A directory that cannot be written costs the next call the reading, and nothing else.
  }
}

function cacheFile(image: string, { cacheDir, env = process.env }: Pick<PrepareTemplateOptions, "cacheDir" | "env">) {
  const directory = cacheDir ?? join(stateDirectory(env), "cache");
  return join(directory, "package-hosts", `${image.replace(/^.*sha256:/, "")}.json`);
}

async function readCached(file: string): Promise<readonly string[] | undefined> {
  try {
    return z.array(z.string()).parse(JSON.parse((await readHostText(file)) ?? ""));
  } catch {
    // Missing or broken: it is read from the image again.
    return undefined;
  }
}

async function readConfiguration(
  engine: ImageEngine,
  image: string,
  signal: AbortSignal | undefined,
): Promise<PackageConfiguration> {
  const env = (await engine.inspect(image, { signal }))?.env ?? {};
  return await engine.readFiles(image, async (imageFiles) => {
    const files = new Map<string, string>();
    for (const path of configurationPaths) {
      signal?.throwIfAborted();
      await readTexts(imageFiles, path, files);
    }
    return { env, files, tools: await presentTools(imageFiles, (env.PATH ?? "").split(":")) };
  });
}

/** Adds the text of a file, or of every file in a directory. Links, what is too long and what is missing are skipped. */
async function readTexts(imageFiles: ImageFiles, path: string, files: Map<string, string>): Promise<void> {
  const archive = await imageFiles.archive(path);
  if (archive === undefined) return;
  const entries = extract();
  archive.on("error", (error) => entries.destroy(error));
  archive.pipe(entries);
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    const wanted = type === "file" && size <= maxFileBytes && files.size < maxEntries;
    // Its names begin with the last part of the requested path.
    if (wanted) files.set(join(path, "..", name), await text(entry));
    else entry.resume();
  }
}

async function presentTools(files: ImageFiles, directories: readonly string[]): Promise<ReadonlySet<string>> {
  const absolute = directories.filter((directory) => directory.startsWith("/"));
  const found = await Promise.all(
    packageTools.map(async (tool) => {
      const present = await Promise.all(absolute.map((directory) => files.exists(join(directory, tool))));
      return present.includes(true) ? [tool] : [];
    }),
  );
  return new Set(found.flat());
}
