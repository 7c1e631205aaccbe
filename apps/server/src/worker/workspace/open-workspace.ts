import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { unpackArchive } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Store } from "@glovebox/store";
import type { RunRequest } from "../../api/schemas/run-request.ts";
import { cloneRepository } from "./clone-repository.ts";
import type { CloneRules } from "./clone-rules.ts";

interface OpenWorkspaceOptions {
  readonly store: Store;
  /** The run's own directory. */
  readonly directory: string;
  readonly rules: CloneRules;
  readonly signal: AbortSignal;
}

const maxBytes = 8 * 1024 ** 3;

/** Makes the workspace of a run, below its directory: from an upload or a repository. `undefined` for a run without one. */
export async function openWorkspace(
  workspace: RunRequest["workspace"],
  { store, directory, rules, signal }: OpenWorkspaceOptions,
): Promise<string | undefined> {
  if (workspace === undefined) return undefined;
  const target = join(directory, "workspace");
  if ("git" in workspace) return await cloneRepository(workspace.git, { directory: target, rules, signal });
  const upload = await store.uploads.get(workspace.upload);
  if (upload === undefined) throw new InvalidOptionsError(`There is no upload ${workspace.upload} any more`);
  await mkdir(target, { mode: 0o700 });
  const archive = decompressed(await store.blobs.open(upload.sha256));
  await unpackArchive(await archive, { directory: target, totalBytes: maxBytes, signal });
  return target;
}

/** The archive, whether it is compressed or not: gzip begins with two bytes that no tar has. */
async function decompressed(content: Readable): Promise<Readable> {
  for (;;) {
    const head: Buffer | null = content.read(2);
    if (head !== null) {
      content.unshift(head);
      return head[0] === 0x1f && head[1] === 0x8b ? content.pipe(gunzipOf(content)) : content;
    }
    if (content.readableEnded) return content;
    await new Promise<void>((resolve, reject) => {
      content.once("readable", resolve).once("end", resolve).once("error", reject);
    });
  }
}

function gunzipOf(content: Readable) {
  const gunzip = createGunzip();
  content.on("error", (error) => gunzip.destroy(error));
  return gunzip;
}
