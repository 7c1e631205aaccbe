import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadHarness, loadProvider } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import type { SandboxProvider } from "@glovebox/core/provider";
import { z } from "zod";
import { packagesFolder, resolveFrom } from "../config/plugins.ts";
import { shortName } from "./package-name.ts";

export type PluginKind = "provider" | "harness";

export interface InstalledPlugin {
  /** As it is given to `--provider` or `--harness`. */
  readonly name: string;
  readonly packageName: string;
  readonly version: string;
  /** The folder of the package. */
  readonly path: string;
  readonly where: "beside this command" | "in your packages";
  /** What it is; absent when it could not be loaded. */
  readonly plugin?: SandboxProvider | Harness;
  /** Why it could not be loaded, in one line. */
  readonly problem?: string;
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string().default("?"),
  keywords: z.array(z.string()).default([]),
});

/** The conformance suite is called as a provider is, and is none. */
const suite = "@glovebox/provider-testkit";

/**
 * The plugins of a kind that are installed: packages of ours by their names, of others by the keyword
 * `glovebox-provider` or `glovebox-harness`, or because the person has added them.
 */
export async function installedPlugins(kind: PluginKind, home: string): Promise<readonly InstalledPlugin[]> {
  const own = packagesFolder(home);
  const added = new Set(addedPackages(own));
  const found = new Map<string, InstalledPlugin>();
  for (const folder of moduleFolders(home)) {
    for (const path of packagesIn(folder)) {
      const manifest = readManifest(path);
      if (manifest === undefined || found.has(manifest.name) || manifest.name === suite) continue;
      const isIts = manifest.name.startsWith(`@glovebox/${kind}-`) || manifest.keywords.includes(`glovebox-${kind}`);
      const inOwn = folder === join(own, "node_modules");
      if (!isIts && !(inOwn && added.has(manifest.name))) continue;
      const loaded = await load(kind, manifest.name, home);
      if (!isIts && loaded.plugin === undefined) continue;
      found.set(manifest.name, {
        name: shortName(kind, manifest.name),
        packageName: manifest.name,
        version: manifest.version,
        path,
        where: inOwn ? "in your packages" : "beside this command",
        ...loaded,
      });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

async function load(kind: PluginKind, name: string, home: string) {
  const options = { resolveFrom: resolveFrom(home) };
  try {
    return { plugin: await (kind === "provider" ? loadProvider : loadHarness)(name, options) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Every node_modules that a package is looked for in, in this order. */
function moduleFolders(home: string): readonly string[] {
  const folders = resolveFrom(home).flatMap((start) => {
    const up: string[] = [];
    for (let folder = start; ; folder = dirname(folder)) {
      up.push(join(folder, "node_modules"));
      if (dirname(folder) === folder) return up;
    }
  });
  return [...new Set(folders)];
}

function packagesIn(folder: string): readonly string[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    return name.startsWith("@") ? namesIn(path).map((inner) => join(path, inner)) : [path];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    // Not there, or not to be read: nothing is found in it.
    return [];
  }
}

function addedPackages(folder: string): readonly string[] {
  const schema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
  const parsed = schema.safeParse(readJson(join(folder, "package.json")));
  return parsed.success ? Object.keys(parsed.data.dependencies) : [];
}

function readManifest(path: string): z.infer<typeof manifestSchema> | undefined {
  return manifestSchema.safeParse(readJson(join(path, "package.json"))).data;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // What is no package is passed over.
    return undefined;
  }
}
