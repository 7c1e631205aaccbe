import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sandboxUser } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { z } from "zod";
import { isStatus } from "../container/inspect-container.ts";
import { mapEngineError } from "../engine/engine-error.ts";
import { findPackageHosts, type PackageConfiguration, packageTools } from "./find-package-hosts.ts";
import { gloveboxHome } from "./glovebox-home.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";

const maxFileBytes = 64 * 1024;
const maxEntries = 256;

const configurationPaths = [
  ...["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc", `${sandboxUser.home}/.npmrc`],
  ...["/etc/pip.conf", "/etc/xdg/pip/pip.conf", `${sandboxUser.home}/.config/pip/pip.conf`],
  ...["/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/apt/mirrors"],
];

/**
 * The hosts of the package registries that an image's own configuration names, as {@link findPackageHosts} tells them. Read
 * once an image and remembered below the cache folder. Nothing of the image is run.
 */
export async function packageHosts(
  engine: Docker,
  image: string,
  { cacheDir, env = process.env, signal }: PrepareTemplateOptions,
): Promise<readonly string[]> {
  const folder = join(cacheDir ?? gloveboxHome(env, "cache"), "package-hosts");
  const file = join(folder, `${image.replace(/^sha256:/, "")}.json`);
  const known = await remembered(file);
  if (known !== undefined) return known;
  const hosts = findPackageHosts(await readConfiguration(engine, image, signal));
  try {
    await mkdir(folder, { recursive: true });
    const next = `${file}.${process.pid}`;
    await writeFile(next, JSON.stringify(hosts));
    await rename(next, file);
  } catch {
    // A folder that cannot be written costs the next call the reading, and nothing else.
  }
  return hosts;
}

async function remembered(file: string): Promise<readonly string[] | undefined> {
  try {
    return z.array(z.string()).parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // Missing or broken: it is read from the image again.
    return undefined;
  }
}

async function readConfiguration(
  engine: Docker,
  image: string,
  signal: AbortSignal | undefined,
): Promise<PackageConfiguration> {
  let container: Docker.Container | undefined;
  try {
    // Never started; it only gives access to the image's files.
    container = await engine.createContainer({ Image: image, Entrypoint: ["none"], Cmd: [], NetworkDisabled: true });
    const { Config } = await container.inspect();
    const env = Object.fromEntries(Config.Env.map((one) => [one.split("=", 1)[0] ?? "", one.replace(/^[^=]*=/, "")]));
    const files = new Map<string, string>();
    for (const path of configurationPaths) {
      signal?.throwIfAborted();
      await readTexts(container, path, files);
    }
    return { env, files, tools: await presentTools(container, (env.PATH ?? "").split(":")) };
  } catch (error) {
    throw mapEngineError(error, `looking into the image ${image}`);
  } finally {
    await container?.remove({ force: true, v: true }).catch((error: unknown) => {
      throw mapEngineError(error, "removing a container");
    });
  }
}

/** Adds the text of a file, or of every file in a folder. Links, what is too long and what is missing are passed over. */
async function readTexts(container: Docker.Container, path: string, files: Map<string, string>): Promise<void> {
  let archive: NodeJS.ReadableStream;
  try {
    archive = await container.getArchive({ path });
  } catch (error) {
    if (isStatus(error, 404)) return;
    throw error;
  }
  const entries = extract();
  archive.on("error", (error) => entries.destroy(error));
  archive.pipe(entries);
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    const wanted = type === "file" && size <= maxFileBytes && files.size < maxEntries;
    // Its names begin with the last part of the path that was asked for.
    if (wanted) files.set(join(path, "..", name), await text(entry));
    else entry.resume();
  }
}

async function presentTools(container: Docker.Container, folders: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    packageTools.map(async (tool) => {
      const looks = folders
        .filter((folder) => folder.startsWith("/"))
        .map((folder) => exists(container, join(folder, tool)));
      return (await Promise.all(looks)).includes(true) ? [tool] : [];
    }),
  );
  return new Set(found.flat());
}

async function exists(container: Docker.Container, path: string): Promise<boolean> {
  try {
    // Read to its end, although it is empty: on Node 20 the connection would keep the process from ending.
    (await container.infoArchive({ path })).resume();
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}
