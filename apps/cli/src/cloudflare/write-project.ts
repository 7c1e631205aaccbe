import type { Stats } from "node:fs";
import { lstat, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ProjectFiles } from "./project-files.ts";
import { manifestName, type ProjectManifest, readManifest, sha256 } from "./project-manifest.ts";

export interface WrittenFile {
  readonly path: string;
  /** `kept` differs from what would be written, because somebody changed it. */
  readonly action: "created" | "updated" | "unchanged" | "kept" | "replaced";
  /** What is there, and what would be: where the file is kept. */
  readonly difference?: { readonly mine: string; readonly theirs: string };
}

export interface WriteProjectOptions {
  readonly manifest: Omit<ProjectManifest, "files">;
  /** Writes over what somebody changed. */
  readonly force: boolean;
}

/** Writes a project's files. What somebody changed since they were written stays as it is, unless `force` says so. */
export async function writeProject(
  folder: string,
  files: ProjectFiles,
  { manifest, force }: WriteProjectOptions,
): Promise<readonly WrittenFile[]> {
  await mkdir(folder, { recursive: true });
  const root = await realpath(folder);
  await lookAt(root, manifestName);
  const before = (await readManifest(root))?.files ?? {};
  const after: Record<string, string> = {};
  const written: WrittenFile[] = [];
  for (const [path, content] of files) {
    const result = await writeOne(root, path, { content, known: before[path], force });
    written.push({ path, ...result });
    // A file that is kept keeps the hash that it once had here, so that it is still told from one that nobody touched.
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
  const mine = await readFile(path);
  if (mine.equals(content)) return { action: "unchanged" };
  const isUntouched = known !== undefined && sha256(mine) === known;
  if (!isUntouched && !force) {
    return { action: "kept", difference: { mine: mine.toString("utf8"), theirs: content.toString("utf8") } };
  }
  await writeFile(path, content);
  return { action: isUntouched ? "updated" : "replaced" };
}

/** Makes the folder of a file, and looks whether the file is there. Rejects where a link would lead out of the project. */
async function lookAt(root: string, file: string): Promise<Stats | undefined> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  if ((await realpath(dirname(path))) !== dirname(path)) throw inTheWay(dirname(path), "a folder of its own");
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (info !== undefined && !info.isFile()) throw inTheWay(path, "a file");
  return info;
}

function inTheWay(path: string, what: string): InvalidOptionsError {
  return new InvalidOptionsError(`${path} is in the way: it is not ${what}`, {
    hint: "Move it, or choose another folder.",
  });
}
