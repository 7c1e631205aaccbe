import { posix } from "node:path";
import type { Readable } from "node:stream";
import { TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import tar from "tar-stream";
import { mapEngineError } from "../engine/engine-error.ts";

const needed = "Glovebox needs glibc 2.28 or newer";
const hint = "Use a variant of the image that is made from Debian, Ubuntu or Fedora.";

const glibcPaths = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .flatMap((triplet) => [`/lib/${triplet}/libc.so.6`, `/usr/lib/${triplet}/libc.so.6`])
  .concat("/lib64/libc.so.6", "/usr/lib64/libc.so.6", "/lib/libc.so.6", "/usr/lib/libc.so.6");

const muslPaths = ["/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"];

/** Rejects with `template` when an image's C library cannot run what a sandbox needs. Nothing of the image is run. */
export async function requireFittingLibc(engine: Docker, image: string, name: string): Promise<void> {
  let container: Docker.Container | undefined;
  try {
    // Never started; it only gives access to the image's files.
    container = await engine.createContainer({ Image: image, Entrypoint: ["none"], Cmd: [], NetworkDisabled: true });
    const glibc = await firstFound(container, glibcPaths);
    if (glibc === undefined) {
      const kind =
        (await firstFound(container, muslPaths)) === undefined ? "has no C library" : "uses musl (as Alpine does)";
      throw new TemplateError(`The image ${name} ${kind}; ${needed}`, { providerId: "docker", hint });
    }
    const version = /GNU C Library [^\n]*? version (\d+)\.(\d+)/.exec(glibc.toString("latin1"));
    // A library that does not say its version is left to the build's own steps, which run it.
    if (version === null) return;
    const [major, minor] = [Number(version[1]), Number(version[2])];
    if (major < 2 || (major === 2 && minor < 28)) {
      throw new TemplateError(`The image ${name} uses glibc ${major}.${minor}; ${needed}`, {
        providerId: "docker",
        hint,
      });
    }
  } catch (error) {
    throw mapEngineError(error, `looking into the image ${name}`);
  } finally {
    await container?.remove({ force: true, v: true }).catch((error: unknown) => {
      throw mapEngineError(error, "removing a container");
    });
  }
}

async function firstFound(container: Docker.Container, paths: readonly string[]): Promise<Buffer | undefined> {
  for (const path of paths) {
    const found = await readThroughLinks(container, path, 5);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readThroughLinks(container: Docker.Container, path: string, depth: number): Promise<Buffer | undefined> {
  const entry = await readEntry(container, path);
  if (entry === undefined || entry.linkname === undefined) return entry?.bytes;
  return depth === 0
    ? undefined
    : readThroughLinks(container, posix.resolve(posix.dirname(path), entry.linkname), depth - 1);
}

async function readEntry(
  container: Docker.Container,
  path: string,
): Promise<{ readonly bytes: Buffer; readonly linkname?: string } | undefined> {
  let archive: Readable;
  try {
    archive = (await container.getArchive({ path })) as Readable;
  } catch (error) {
    const mapped = mapEngineError(error, "reading a file of the image");
    if (mapped.code === "not-found") return undefined;
    throw mapped;
  }
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
