import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readHostText, streamHostFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import tar from "tar-stream";
import { type ContextFile, ContextWalk } from "./context-walk.ts";

/** The directory of a Dockerfile: what is sent to the engine. */
export interface BuildContext {
  readonly directory: string;
  /** The Dockerfile's name inside the directory. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  readonly files: readonly ContextFile[];
  /** Names, and links to names, that are not UTF-8, with `\xFC` for each byte: an archive for the engine cannot carry them. */
  readonly leftOut: readonly string[];
}

/**
 * Reads what a Dockerfile's directory would send: everything except what `<Dockerfile>.dockerignore`, or else
 * `.dockerignore`, leaves out, and what an archive for the engine cannot carry: pipes, sockets, devices, and names that are
 * not UTF-8. Rejects with `invalid-options` when there is no such Dockerfile.
 */
export async function readBuildContext(path: string): Promise<BuildContext> {
  const directory = dirname(path);
  const dockerfile = basename(path);
  const dockerfileText = await readHostText(path);
  if (dockerfileText === undefined) {
    throw new InvalidOptionsError(`The Dockerfile ${path} does not exist`, {
      hint: "Give the path of a Dockerfile; its directory is the build context.",
    });
  }
  const rules =
    (await readHostText(join(directory, `${dockerfile}.dockerignore`))) ??
    (await readHostText(join(directory, ".dockerignore"))) ??
    "";
  const walk = new ContextWalk(directory, dockerfile, rules);
  await walk.visit("", true).catch((cause: Error) => {
    throw unreadable(cause);
  });
  return { directory, dockerfile, dockerfileText, files: walk.files, leftOut: walk.leftOut };
}

/** A digest (hexadecimal) of the names, modes and bytes of a context; times do not count. */
export async function contextDigest(context: BuildContext): Promise<string> {
  const hash = createHash("sha256");
  try {
    for (const { name, stats, link } of context.files) {
      hash.update(`${JSON.stringify([name, stats.mode, stats.isFile() ? stats.size : 0, link ?? ""])}\n`);
      if (stats.isFile())
        for await (const piece of streamHostFile(join(context.directory, name), { noFollow: true })) hash.update(piece);
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
      else {
        const content = streamHostFile(join(context.directory, name), { noFollow: true });
        await pipeline(content, pack.entry({ ...header, size: stats.size }));
      }
    }
    pack.finalize();
  };
  fill().catch((error: Error) => pack.destroy(unreadable(error)));
  return pack as unknown as Readable;
}

function unreadable(cause: Error): InvalidOptionsError {
  return new InvalidOptionsError(`The build context cannot be read: ${cause.message}`, {
    hint: "Leave out what is not needed with .dockerignore.",
    cause,
  });
}
