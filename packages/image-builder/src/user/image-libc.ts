import { posix } from "node:path";
import { TemplateError } from "@glovebox/core/provider";
import tar from "tar-stream";
import type { ImageEngine, ImageFiles } from "../engine/image-engine.ts";

const needed = "Glovebox needs glibc 2.28 or newer";
const hint = "Use a variant of the image that is made from Debian, Ubuntu or Fedora.";

const glibcPaths = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .flatMap((triplet) => [`/lib/${triplet}/libc.so.6`, `/usr/lib/${triplet}/libc.so.6`])
  .concat("/lib64/libc.so.6", "/usr/lib64/libc.so.6", "/lib/libc.so.6", "/usr/lib/libc.so.6");

const muslPaths = ["/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"];

/** Rejects with `template` when an image's C library cannot run what a sandbox needs. Nothing of the image is run. */
export async function requireFittingLibc(engine: ImageEngine, image: string, name: string): Promise<void> {
  const options = { providerId: engine.providerId, hint };
  await engine.readFiles(image, async (files) => {
    const glibc = await firstFound(files, glibcPaths);
    if (glibc === undefined) {
      const kind =
        (await firstFound(files, muslPaths)) === undefined ? "has no C library" : "uses musl (as Alpine does)";
      throw new TemplateError(`The image ${name} ${kind}; ${needed}`, options);
    }
    const version = /GNU C Library [^\n]*? version (\d+)\.(\d+)/.exec(glibc.toString("latin1"));
    // A library that does not say its version is left to the build's own steps, which run it.
    if (version === null) return;
    const [major, minor] = [Number(version[1]), Number(version[2])];
    if (major < 2 || (major === 2 && minor < 28)) {
      throw new TemplateError(`The image ${name} uses glibc ${major}.${minor}; ${needed}`, options);
    }
  });
}

async function firstFound(files: ImageFiles, paths: readonly string[]): Promise<Buffer | undefined> {
  for (const path of paths) {
    const found = await readThroughLinks(files, path, 5);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readThroughLinks(files: ImageFiles, path: string, depth: number): Promise<Buffer | undefined> {
  const entry = await readEntry(files, path);
  if (entry === undefined || entry.linkname === undefined) return entry?.bytes;
  return depth === 0
    ? undefined
    : readThroughLinks(files, posix.resolve(posix.dirname(path), entry.linkname), depth - 1);
}

async function readEntry(
  files: ImageFiles,
  path: string,
): Promise<{ readonly bytes: Buffer; readonly linkname?: string } | undefined> {
  const archive = await files.archive(path);
  if (archive === undefined) return undefined;
  const extract = tar.extract();
  archive.on("error", (error) => extract.destroy(error));
  archive.pipe(extract);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { type, linkname } = entry.header;
    return { bytes: Buffer.concat(chunks), ...(type === "symlink" && linkname && { linkname }) };
  }
  return undefined;
}
