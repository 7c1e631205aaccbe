import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { makeHostDirectory, openHostFile, streamHostFile } from "@glovebox/core/host-files";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { ByteLimit } from "../tree/byte-limit.ts";
import { unpackTar } from "../tree/unpack-tar.ts";
import { unpackZip } from "../tree/unpack-zip.ts";
import { download } from "./download.ts";
import type { Fetched } from "./fetched.ts";
import { placeWithin } from "./place-within.ts";
import type { SourceContext } from "./source-context.ts";
import type { SourceSpec } from "./source-spec.ts";
import { writeTree } from "./write-tree.ts";

/** Fetches an archive: `.tar`, `.tar.gz`, `.tgz` or `.zip`, from a URL or a file. Its revision is its own hash. */
export async function fetchArchive(spec: SourceSpec, treesDir: string, context: SourceContext): Promise<Fetched> {
  await makeHostDirectory(treesDir, 0o700);
  const file = join(treesDir, `${randomUUID()}.archive`);
  try {
    const hash = createHash("sha256");
    await copyTo(file, spec.location, hash, context);
    const place = placeWithin(spec.path);
    const name = spec.location.replace(/\?.*$/, "").toLowerCase();
    const tree = await writeTree(treesDir, (writer) =>
      name.endsWith(".zip")
        ? unpackZip(file, writer, place)
        : unpackTar(createReadStream(file), writer, {
            gzip: !name.endsWith(".tar"),
            place,
            signal: context.signal,
          }),
    );
    return { revision: `sha256:${hash.digest("hex")}`, tree };
  } finally {
    await rm(file, { force: true });
  }
}

async function copyTo(
  file: string,
  location: string,
  hash: ReturnType<typeof createHash>,
  context: SourceContext,
): Promise<void> {
  const remote = /^https?:\/\//.test(location);
  const source: Readable = remote ? await download(location, context) : await openArchive(location);
  source.on("data", (chunk: Buffer) => hash.update(chunk));
  const signal = context.signal === undefined ? {} : { signal: context.signal };
  await pipeline(source, new ByteLimit(), createWriteStream(file, { flags: "wx", mode: 0o600 }), signal);
}

async function openArchive(path: string): Promise<Readable> {
  const handle = await openHostFile(path);
  if (handle === undefined) throw new SandboxNotFoundError(`There is no archive ${path}`);
  await handle.close();
  return Readable.from(streamHostFile(path));
}
