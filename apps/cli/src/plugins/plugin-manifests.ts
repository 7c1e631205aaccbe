import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readHostTextSync } from "@glovebox/core/host-files";
import { z } from "zod";
import type { PluginKind } from "./plugin-kind.ts";
import { packagesDirectory, resolveFrom } from "./plugin-places.ts";

/** The `glovebox` field of a plugin's package.json: what is known of it without running its code. */
const contributionsSchema = z.object({
  /** Commands that it adds, with what `--help` says about each. */
  commands: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.string()).default({}),
  /** Of a harness: commands that start it in a terminal of a sandbox, with what `--help` says about each. */
  sessions: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.string()).default({}),
  /**
   * Of a package that has several harnesses: their short names, each with the settings that select it. A name that ends with `-*`
   * stands for all that begin so and that no package lists: a setting `*` gets the rest.
   */
  harnesses: z.record(z.string().regex(/^[a-z][a-z0-9-]*(?:-\*)?$/), z.record(z.string(), z.string())).default({}),
  /** Flags that it adds to `run` and its kin: each sets one of its settings, or stands for a secret variable. */
  flags: z
    .array(
      z.object({
        flags: z.string().regex(/^(?:-[a-zA-Z], )?--[a-z][a-z0-9-]*(?: <[a-z][a-z -]*>)?$/),
        help: z.string(),
        setting: z.string().optional(),
        secret: z.string().optional(),
        env: z.string().optional(),
      }),
    )
    .default([]),
  /** Variables that hold its secrets. They enter no sandbox; with a `setting`, their value is passed to the plugin. */
  secrets: z.array(z.object({ variable: z.string(), setting: z.string().optional() })).default([]),
});

const manifestSchema = z.object({
  name: z.string(),
  version: z.string().default("?"),
  keywords: z.array(z.string()).default([]),
  glovebox: contributionsSchema.optional().catch(undefined),
});

/** A package that is or may be a plugin, as its package.json describes it. */
export interface PluginManifest extends z.infer<typeof manifestSchema> {
  /** The package's directory. */
  readonly path: string;
  /** What it says to be, by its name or a keyword; absent for one that only the user's own packages list. */
  readonly kind?: PluginKind;
  readonly isInOwnPackages: boolean;
}

/** The conformance suites are named like plugins. */
const suite = /^@glovebox\/(?:provider|harness)-(?:testkit|kit)$/;

/**
 * Reads the manifests of the packages that are or may be plugins: ours by their names, others by the keyword
 * `glovebox-provider` or `glovebox-harness`, or because the user has added them. The first of a name wins, as for `import`.
 */
export function readPluginManifests(home: string): readonly PluginManifest[] {
  const own = packagesDirectory(home);
  const added = new Set(addedPackages(own));
  const found = new Map<string, PluginManifest>();
  for (const directory of moduleDirectories(home)) {
    const isInOwnPackages = directory === join(own, "node_modules");
    for (const name of packageNames(directory)) {
      // Reading the manifest of every package on this machine would take longer than most commands.
      if (found.has(name) || suite.test(name) || !(name.includes("glovebox") || added.has(name))) continue;
      const path = join(directory, name);
      const manifest = manifestSchema.safeParse(readJson(join(path, "package.json"))).data;
      if (manifest === undefined) continue;
      const kind = kindOf(manifest);
      if (kind === undefined && !(isInOwnPackages && added.has(name))) continue;
      found.set(name, { ...manifest, path, isInOwnPackages, ...(kind === undefined ? {} : { kind }) });
    }
  }
  return [...found.values()];
}

/** The variables that hold secrets of installed plugins. */
export function pluginSecrets(manifests: readonly PluginManifest[]): readonly string[] {
  return manifests.flatMap(({ glovebox }) => (glovebox?.secrets ?? []).map(({ variable }) => variable));
}

/** The manifest of the package that a module belongs to; `undefined` for a module outside any package. */
export function manifestOf(file: string): Pick<PluginManifest, "name" | "version" | "glovebox"> | undefined {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    const manifest = manifestSchema.safeParse(readJson(join(directory, "package.json"))).data;
    if (manifest !== undefined || dirname(directory) === directory) return manifest;
  }
}

function kindOf({ name, keywords }: z.infer<typeof manifestSchema>): PluginKind | undefined {
  const kinds = ["provider", "harness"] as const;
  return kinds.find((kind) => name.startsWith(`@glovebox/${kind}-`) || keywords.includes(`glovebox-${kind}`));
}

/** Every node_modules in which a package is looked up, in this order. */
function moduleDirectories(home: string): readonly string[] {
  const directories = resolveFrom(home).flatMap((start) => {
    const up: string[] = [];
    for (let directory = start; ; directory = dirname(directory)) {
      up.push(join(directory, "node_modules"));
      if (dirname(directory) === directory) return up;
    }
  });
  return [...new Set(directories)];
}

function packageNames(directory: string): readonly string[] {
  return namesIn(directory).flatMap((name) =>
    name.startsWith("@") ? namesIn(join(directory, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => !name.startsWith("."));
  } catch {
    // Missing or unreadable: it holds no plugin.
    return [];
  }
}

function addedPackages(directory: string): readonly string[] {
  const schema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
  const parsed = schema.safeParse(readJson(join(directory, "package.json")));
  return parsed.success ? Object.keys(parsed.data.dependencies) : [];
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readHostTextSync(path) ?? "");
  } catch {
    // Not a package.
    return undefined;
  }
}
