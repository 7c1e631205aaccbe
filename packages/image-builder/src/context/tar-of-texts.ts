import type { Readable } from "node:stream";
import tar from "tar-stream";

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
