import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
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
  const before = (await readManifest(folder))?.files ?? {};
  const after: Record<string, string> = {};
  const written: WrittenFile[] = [];
  for (const [path, content] of files) {
    const result = await writeOne(join(folder, path), content, { known: before[path], force });
    written.push({ path, ...result });
    // A file that is kept keeps the hash that it once had here, so that it is still told from one that nobody touched.
    after[path] = result.action === "kept" ? (before[path] ?? "") : sha256(content);
  }
  const text = `${JSON.stringify({ ...manifest, files: after }, undefined, 2)}\n`;
  await writeFile(join(folder, manifestName), text);
  return written;
}

async function writeOne(
  path: string,
  content: Buffer,
  { known, force }: { readonly known: string | undefined; readonly force: boolean },
): Promise<Omit<WrittenFile, "path">> {
  await mkdir(dirname(path), { recursive: true });
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (info === undefined) {
    await writeFile(path, content, { flag: "wx" });
    return { action: "created" };
  }
  if (!info.isFile()) {
    throw new InvalidOptionsError(`${path} is in the way: it is not a file`, {
      hint: "Move it, or choose another folder.",
    });
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
