import type { Stats } from "node:fs";
import { lstat, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkWritePlace, makeHostDirectory, readHostFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ProjectFiles } from "./project-files.ts";
import { manifestName, type ProjectManifest, readManifest, sha256 } from "./project-manifest.ts";

export interface WrittenFile {
  readonly path: string;
  /** `kept`: the file differs because the user changed it. */
  readonly action: "created" | "updated" | "unchanged" | "kept" | "replaced";
  /** The current and the new content of a kept file. */
  readonly difference?: { readonly mine: string; readonly theirs: string };
}

export interface WriteProjectOptions {
  readonly manifest: Omit<ProjectManifest, "files">;
  /** Whether to overwrite the user's changes. */
  readonly force: boolean;
}

/** Writes a project's files. Keeps files that the user has changed, unless `force` is set. */
export async function writeProject(
  directory: string,
  files: ProjectFiles,
  { manifest, force }: WriteProjectOptions,
): Promise<readonly WrittenFile[]> {
  const root = checkWritePlace(directory);
  await makeHostDirectory(root);
  await lookAt(root, manifestName);
  const before = (await readManifest(root))?.files ?? {};
  const after: Record<string, string> = {};
  const written: WrittenFile[] = [];
  for (const [path, content] of files) {
    const result = await writeOne(root, path, { content, known: before[path], force });
    written.push({ path, ...result });
    // A kept file retains its recorded hash, so that it still counts as changed.
    after[path] = result.action === "kept" ? (before[path] ?? "") : sha256(content);
  }
  const text = `${JSON.stringify({ ...manifest, files: after }, undefined, 2)}\n`;
  await writeFile(join(root, manifestName), text);
  return written;
}

async function writeOne(
  root: string,
  file: string,
  { content, known, force }: { readonly content: Buffer; readonly known: string | undefined; readonly force: boolean },
): Promise<Omit<WrittenFile, "path">> {
  const path = join(root, file);
  if ((await lookAt(root, file)) === undefined) {
    await writeFile(path, content, { flag: "wx" });
    return { action: "created" };
  }
  const mine = (await readHostFile(path, { noFollow: true })) ?? Buffer.alloc(0);
  if (mine.equals(content)) return { action: "unchanged" };
  const isUntouched = known !== undefined && sha256(mine) === known;
  if (!isUntouched && !force) {
    return { action: "kept", difference: { mine: mine.toString("utf8"), theirs: content.toString("utf8") } };
  }
  await writeFile(path, content);
  return { action: isUntouched ? "updated" : "replaced" };
}

/** Creates the directory of a file and checks whether the file exists. Rejects links that lead out of the project. */
async function lookAt(root: string, file: string): Promise<Stats | undefined> {
  const path = join(root, file);
  await makeHostDirectory(dirname(path));
  if ((await realpath(dirname(path))) !== dirname(path)) throw inTheWay(dirname(path), "a directory of its own");
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (info !== undefined && !info.isFile()) throw inTheWay(path, "a file");
  return info;
}

function inTheWay(path: string, what: string): InvalidOptionsError {
  return new InvalidOptionsError(`${path} exists and is not ${what}`, {
    hint: "Move it, or choose another directory.",
  });
}
