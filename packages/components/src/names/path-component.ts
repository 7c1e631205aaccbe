import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { Catalog } from "../catalog/catalog.ts";
import type { CatalogEntry } from "../catalog/catalog-entry.ts";
import { buildSearchIndex } from "../catalog/search-index.ts";
import { folderTree } from "../tree/folder-tree.ts";
import { badTreePath } from "../tree/tree-path.ts";
import type { ComponentRequest } from "./component-request.ts";
import type { ResolvedName } from "./resolve-name.ts";

/** A component that is a file of this machine or, for a skill, a folder with a `SKILL.md`. */
export async function pathComponent(request: ComponentRequest, cwd: string): Promise<ResolvedName> {
  const named = resolve(cwd, request.name.replace(/^~(?=\/)/, homedir()));
  // Who names a link of their own means what it points to.
  const full = await realpath(named).catch(() => named);
  const stats = await stat(full).catch(() => undefined);
  if (stats === undefined) throw new SandboxNotFoundError(`There is no file ${full}, which --${request.kind} names`);
  const { folder, path, name } = locate(request, full, stats.isDirectory());
  const bad = badTreePath(name);
  if (bad !== undefined) throw new InvalidOptionsError(`--${request.kind} ${JSON.stringify(request.name)} ${bad}`);
  // Only what may belong to it is read: the folder may be a whole project.
  const beside = /\.(json|sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl)$/;
  const tree = await folderTree(
    folder,
    (candidate) => request.kind === "skill" || candidate === path || (bringsScripts(request) && beside.test(candidate)),
  );
  const refused = tree.refused.find((entry) => entry.path === path);
  if (refused === undefined && !tree.files.some((file) => file.path === path))
    throw new SandboxNotFoundError(`There is no ${path} in ${folder}`);
  const entry: CatalogEntry = {
    kind: request.kind,
    name,
    path,
    description: "",
    ...(refused === undefined ? {} : { problem: refused.reason }),
  };
  const catalog: Catalog = {
    spec: { name: "path", kind: "folder", location: folder },
    revision: `sha256:${tree.digest}`,
    entries: [entry],
    external: [],
    tree: async () => tree,
    searchIndex: async () => buildSearchIndex([entry]),
  };
  return { catalog, entry };
}

function bringsScripts(request: ComponentRequest): boolean {
  return request.kind === "hook" || request.kind === "setting";
}

function locate(
  request: ComponentRequest,
  full: string,
  isFolder: boolean,
): { readonly folder: string; readonly path: string; readonly name: string } {
  if (request.kind === "skill") {
    const folder = isFolder ? full : dirname(full);
    if (!isFolder && basename(full) !== "SKILL.md")
      throw new InvalidOptionsError(`A skill is a folder with a SKILL.md, not ${full}`);
    return { folder, path: "SKILL.md", name: basename(folder) };
  }
  const extension = request.kind === "agent" || request.kind === "command" ? ".md" : ".json";
  if (isFolder || !full.endsWith(extension))
    throw new InvalidOptionsError(`--${request.kind} ${request.name} is no ${extension} file`);
  return { folder: dirname(full), path: basename(full), name: basename(full, extension) };
}
