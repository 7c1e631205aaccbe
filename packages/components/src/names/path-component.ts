import { readdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { Catalog } from "../catalog/catalog.ts";
import type { CatalogEntry } from "../catalog/catalog-entry.ts";
import { pluginPath } from "../catalog/plugin-manifest.ts";
import { buildSearchIndex } from "../catalog/search-index.ts";
import { directoryTree } from "../tree/directory-tree.ts";
import { badTreePath } from "../tree/tree-path.ts";
import type { ComponentRequest } from "./component-request.ts";
import type { ResolvedName } from "./resolve-name.ts";

/** A component that is a file of this machine or, for a skill, a directory with a `SKILL.md`. */
export async function pathComponent(request: ComponentRequest, cwd: string): Promise<ResolvedName> {
  const named = resolve(cwd, request.name.replace(/^~(?=\/)/, homedir()));
  // Who names a link of their own means what it points to.
  const full = await realpath(named).catch(() => named);
  const stats = await stat(full).catch(() => undefined);
  if (stats === undefined) throw new SandboxNotFoundError(`There is no file ${full}, which --${request.kind} names`);
  const { directory, path, name } = await locate(request, full, stats.isDirectory());
  const bad = badTreePath(name);
  if (bad !== undefined) throw new InvalidOptionsError(`--${request.kind} ${JSON.stringify(request.name)} ${bad}`);
  // Only what may belong to it is read: the directory may be a whole project.
  const beside = /\.(json|sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl)$/;
  const tree = await directoryTree(
    directory,
    (candidate) => isDirectoryKind(request) || candidate === path || (bringsScripts(request) && beside.test(candidate)),
  );
  const refused = tree.refused.find((entry) => entry.path === path);
  if (refused === undefined && request.kind !== "plugin" && !tree.files.some((file) => file.path === path))
    throw new SandboxNotFoundError(`There is no ${path} in ${directory}`);
  const entry: CatalogEntry = {
    kind: request.kind,
    name,
    path,
    description: "",
    ...(request.kind === "plugin" ? { plugin: { name: name.replace(/[/\\:,\s]+/g, "-"), root: "" } } : {}),
    ...(refused === undefined ? {} : { problem: refused.reason }),
  };
  const catalog: Catalog = {
    spec: { name: "path", kind: "directory", location: directory },
    revision: `sha256:${tree.digest}`,
    entries: [entry],
    external: [],
    tree: async () => tree,
    searchIndex: async () => buildSearchIndex([entry]),
  };
  return { catalog, entry };
}

function isDirectoryKind({ kind }: ComponentRequest): boolean {
  return kind === "skill" || kind === "plugin";
}

function bringsScripts(request: ComponentRequest): boolean {
  return request.kind === "hook" || request.kind === "setting";
}

async function locate(
  request: ComponentRequest,
  full: string,
  isDirectory: boolean,
): Promise<{ readonly directory: string; readonly path: string; readonly name: string }> {
  if (request.kind === "plugin") {
    if (!isDirectory) throw new InvalidOptionsError(`A plugin is a directory, not ${full}`);
    return { directory: full, path: pluginPath, name: basename(full) };
  }
  if (request.kind === "skill") {
    const directory = isDirectory ? full : dirname(full);
    if (!isDirectory && !/^skill\.md$/i.test(basename(full)))
      throw new InvalidOptionsError(`A skill is a directory with a SKILL.md, not ${full}`);
    return { directory, path: isDirectory ? await skillFile(directory) : basename(full), name: basename(directory) };
  }
  const extension = ["agent", "command", "loop"].includes(request.kind) ? ".md" : ".json";
  if (isDirectory || !full.endsWith(extension))
    throw new InvalidOptionsError(`--${request.kind} ${request.name} is no ${extension} file`);
  return { directory: dirname(full), path: basename(full), name: basename(full, extension) };
}

async function skillFile(directory: string): Promise<string> {
  const names = await readdir(directory);
  return names.includes("SKILL.md") ? "SKILL.md" : (names.find((name) => /^skill\.md$/i.test(name)) ?? "SKILL.md");
}
