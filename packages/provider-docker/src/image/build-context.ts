import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import dockerignore from "@balena/dockerignore";
import { InvalidOptionsError } from "@glovebox/core/provider";
import tar from "tar-stream";

interface ContextFile {
  /** Relative to the context, with forward slashes. */
  readonly name: string;
  readonly stats: Stats;
  readonly link?: string;
}

/** The folder of a Dockerfile, as it is sent to the engine. */
export interface BuildContext {
  readonly folder: string;
  /** The Dockerfile's name inside the folder. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  readonly files: readonly ContextFile[];
}

/**
 * Reads what a Dockerfile's folder would send: everything but what `<Dockerfile>.dockerignore`, or else `.dockerignore`,
 * leaves out. Sockets and devices are left out. Rejects with `invalid-options` when there is no such Dockerfile.
 */
export async function readBuildContext(path: string): Promise<BuildContext> {
  const folder = dirname(path);
  const dockerfile = basename(path);
  const dockerfileText = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidOptionsError(`Cannot read the Dockerfile ${path} (${cause.code})`, {
      providerId: "docker",
      hint: "Give the path of a Dockerfile; its folder is the build context.",
      cause,
    });
  });
  const ignore = dockerignore.default();
  const rules =
    (await optional(join(folder, `${dockerfile}.dockerignore`))) ?? (await optional(join(folder, ".dockerignore")));
  if (rules !== undefined) ignore.add(rules);
  // A rule with `!` can bring back what lies in a left-out folder, so such a folder is still walked.
  const hasExceptions = /^\s*!/m.test(rules ?? "");
  const files: ContextFile[] = [];
  const walk = async (below: string): Promise<void> => {
    const names = await readdir(join(folder, below));
    for (const entry of names.sort()) {
      const name = below === "" ? entry : `${below}/${entry}`;
      const kept = name === dockerfile || !ignore.ignores(name);
      const stats = await lstat(join(folder, name));
      if (stats.isDirectory()) {
        if (kept) files.push({ name, stats });
        if (kept || hasExceptions) await walk(name);
      } else if (kept && stats.isFile()) files.push({ name, stats });
      else if (kept && stats.isSymbolicLink()) files.push({ name, stats, link: await readlink(join(folder, name)) });
    }
  };
  await walk("").catch((cause: Error) => {
    throw unreadable(cause);
  });
  return { folder, dockerfile, dockerfileText, files };
}

/** A digest (hexadecimal) of the names, modes and bytes of a context; times do not count. */
export async function contextDigest(context: BuildContext): Promise<string> {
  const hash = createHash("sha256");
  try {
    for (const { name, stats, link } of context.files) {
      hash.update(`${JSON.stringify([name, stats.mode, stats.isFile() ? stats.size : 0, link ?? ""])}\n`);
      if (stats.isFile()) for await (const chunk of createReadStream(join(context.folder, name))) hash.update(chunk);
    }
  } catch (cause) {
    throw unreadable(cause as Error);
  }
  return hash.digest("hex");
}

/** The context as a tar stream, with this text in the Dockerfile's place. */
export function tarOfContext(context: BuildContext, dockerfileText: string): Readable {
  const pack = tar.pack();
  const fill = async (): Promise<void> => {
    for (const { name, stats, link } of context.files) {
      const header = { name, mode: stats.mode & 0o7777, mtime: stats.mtime, uid: 0, gid: 0 };
      if (stats.isDirectory()) pack.entry({ ...header, type: "directory" });
      else if (link !== undefined) pack.entry({ ...header, type: "symlink", linkname: link });
      else if (name === context.dockerfile) pack.entry(header, dockerfileText);
      else await pipeline(createReadStream(join(context.folder, name)), pack.entry({ ...header, size: stats.size }));
    }
    pack.finalize();
  };
  fill().catch((error: Error) => pack.destroy(unreadable(error)));
  return pack as unknown as Readable;
}

/** A tar stream of small files, all readable and root's. */
export function tarOfTexts(files: Readonly<Record<string, string | Uint8Array>>): Readable {
  const pack = tar.pack();
  for (const [name, text] of Object.entries(files)) {
    // A fixed time keeps the engine's cache of steps valid.
    pack.entry({ name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, Buffer.from(text));
  }
  pack.finalize();
  return pack as unknown as Readable;
}

async function optional(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function unreadable(cause: Error): InvalidOptionsError {
  return new InvalidOptionsError(`The build context cannot be read: ${cause.message}`, {
    providerId: "docker",
    hint: "Leave out what is not needed with .dockerignore.",
    cause,
  });
}
