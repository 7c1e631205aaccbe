import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, lstat, mkdir, realpath, symlink } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { streamHostFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { BuildContext } from "../context/build-context.ts";
import { type ContextFile, ContextWalk } from "../context/context-walk.ts";
import { requireInside } from "./require-inside.ts";
import { holdsSecret, secretPath } from "./secret-text.ts";
import type { CopiedFile } from "./write-dockerfile.ts";

const scannedBytes = 1024 * 1024;

export interface CopyContextOptions {
  /** The directory that the description is in. */
  readonly source: string;
  /** Where the files go; a directory that exists. */
  readonly target: string;
}

/** Files of a description in a build context, and a digest (hexadecimal) of their names, modes and bytes. */
export interface CopiedContext {
  readonly copied: readonly CopiedFile[];
  readonly digest: string;
}

/**
 * Copies what a description names into a build context. Throws `invalid-options` for a path that leads out of the
 * description's directory, and for files that hold secrets.
 */
export async function copyContext(
  files: readonly { readonly from: string; readonly to: string }[],
  { source, target }: CopyContextOptions,
): Promise<CopiedContext> {
  const root = await realpath(source);
  const hash = createHash("sha256");
  const copied: CopiedFile[] = [];
  for (const [index, { from, to }] of files.entries()) {
    const path = await requireInside({ root, from: source, place: from, what: `files: ${from}` });
    const directory = `files/${index}`;
    const stats = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
      throw new InvalidOptionsError(`files: ${from} cannot be read (${cause.code})`, { cause });
    });
    // Its own name is a link's, where it is one.
    const secret = secretPath(relative(root, path));
    if (secret !== undefined) throw refused(from, from, secret);
    const found: ContextFile[] = stats.isDirectory() ? await walk(path) : [{ name: basename(path), stats }];
    const base = stats.isDirectory() ? path : dirname(path);
    await makeDirectory(join(target, "files"));
    await makeDirectory(join(target, directory));
    for (const file of found) {
      const digest = await copyEntry(file, { base, to: join(target, directory), shown: from });
      hash.update(`${JSON.stringify([directory, file.name, digest])}\n`);
    }
    hash.update(`${JSON.stringify([directory, to])}\n`);
    copied.push({ from: stats.isDirectory() ? `${directory}/` : `${directory}/${basename(path)}`, to });
  }
  return { copied, digest: hash.digest("hex") };
}

/** With a mode that does not depend on this process: it is part of the image. */
async function makeDirectory(path: string, mode = 0o755): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  // What is in it has to be written first, by this user.
  await chmod(path, mode | 0o700);
}

/** Copies the build context of a user's own Dockerfile, with the modes that it has. Throws as {@link copyContext} does. */
export async function copyBuildContext({ directory, files }: BuildContext, target: string): Promise<void> {
  for (const file of files) await copyEntry(file, { base: directory, to: target, shown: "", keepsMode: true });
}

async function walk(path: string): Promise<ContextFile[]> {
  const found = new ContextWalk(path, "", "");
  await found.visit("", true);
  if (found.leftOut.length > 0)
    throw new InvalidOptionsError(`${path}: names that are not UTF-8 cannot be copied: ${found.leftOut[0]}`);
  return found.files;
}

interface EntryPlace {
  readonly base: string;
  readonly to: string;
  /** How the description names it. */
  readonly shown: string;
  readonly keepsMode?: boolean;
}

/** Copies one entry; resolves to what the digest needs of it. */
async function copyEntry(
  { name, stats, link }: ContextFile,
  { base, to, shown, keepsMode = false }: EntryPlace,
): Promise<readonly unknown[]> {
  const secret = secretPath(name) ?? secretPath(shown);
  if (secret !== undefined) throw refused(shown, name, secret);
  const place = join(to, name);
  if (stats.isDirectory()) {
    await makeDirectory(place, keepsMode ? stats.mode & 0o7777 : 0o755);
    return ["directory"];
  }
  if (link !== undefined) {
    const points = relative(base, resolve(dirname(join(base, name)), link));
    if (!keepsMode && (isAbsolute(link) || points.startsWith("..")))
      throw refused(shown, name, "it is a link that leads out of the directory");
    await symlink(link, place);
    return ["link", link];
  }
  const mode = keepsMode ? stats.mode & 0o7777 : stats.mode & 0o100 ? 0o755 : 0o644;
  const hash = createHash("sha256");
  let head = "";
  const content = streamHostFile(join(base, name), { noFollow: true });
  await pipeline(
    async function* () {
      for await (const piece of content) {
        hash.update(piece);
        if (head.length < scannedBytes) head += Buffer.from(piece).toString("latin1");
        yield piece;
      }
    },
    createWriteStream(place, { flags: "wx", mode }),
  );
  await chmod(place, mode);
  if (holdsSecret(head)) throw refused(shown, name, "it contains a key or a token");
  return ["file", mode, hash.digest("hex")];
}

function refused(shown: string, name: string, why: string): InvalidOptionsError {
  const path = shown.endsWith(name) ? shown : join(shown, name);
  return new InvalidOptionsError(`${path} is not copied into a template: ${why}`, {
    hint: "Everyone who has the template could read it. Pass secrets to a run: --env, --credential.",
  });
}
