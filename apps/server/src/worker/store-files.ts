import { createReadStream } from "node:fs";
import { lstat, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { exportSession, type RunResult } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { readHostText, streamHostFile } from "@glovebox/core/host-files";
import type { BlobStore, JsonObject, StoredFile, StoredFiles } from "@glovebox/store";
import pLimit from "p-limit";

interface StoreFilesOptions {
  readonly blobs: BlobStore;
  readonly home: string;
  readonly runId: string;
  readonly harness: Harness;
  readonly result: RunResult;
}

const concurrency = 8;

/** Stores everything that a run brought back as blobs, and what another run needs to continue it. */
export async function storeFiles(options: StoreFilesOptions): Promise<StoredFiles> {
  const { result, home, runId, blobs } = options;
  const session = await storeSession(options);
  const baseline = await readHostText(join(home, "runs", runId, "baseline.json"));
  const contents: StoredFile[] = session === undefined ? [] : [session];
  const common = { ...(baseline !== undefined && { baseline: withoutPlaces(JSON.parse(baseline) as JsonObject) }) };
  const { files } = result;
  if (files === undefined) return { manifest: undefined, ...common, contents, count: 0, bytes: 0 };
  const { directory, patch, bundle, manifest } = files;
  const limit = pLimit(concurrency);
  const stored = manifest
    .filter(({ kind, change }) => kind === "file" && change !== "deleted")
    .map(({ path, sha256 }) =>
      limit(() => storeFile(blobs, { kind: "file", path, file: join(directory, path), sha256 })),
    );
  contents.push(...(await Promise.all(stored)));
  if (patch !== undefined) contents.push(await storeFile(blobs, { kind: "patch", path: "", file: patch }));
  if (bundle !== undefined) contents.push(await storeFile(blobs, { kind: "bundle", path: "", file: bundle }));
  const named = {
    ...files,
    directory: "",
    ...(patch !== undefined && { patch: basename(patch) }),
    ...(bundle !== undefined && { bundle: basename(bundle) }),
  };
  return { manifest: named, ...common, contents, count: stored.length, bytes: files.bytes };
}

interface FileToStore {
  readonly kind: StoredFile["kind"];
  readonly path: string;
  readonly file: string;
  readonly sha256?: string | undefined;
}

async function storeFile(blobs: BlobStore, { kind, path, file, sha256 }: FileToStore): Promise<StoredFile> {
  if (sha256 !== undefined && (await blobs.has(sha256))) {
    return { kind, path, sha256, bytes: (await lstat(file)).size };
  }
  return { kind, path, ...(await blobs.put(Readable.from(streamHostFile(file, { noFollow: true })))) };
}

/** The session, by which any worker continues the run. A run without a conversation has none. */
async function storeSession({ blobs, home, runId, harness }: StoreFilesOptions): Promise<StoredFile | undefined> {
  const path = join(home, "runs", runId, "session.glovebox");
  try {
    // It stays on the server: what is exported for others is scanned for secrets then.
    await exportSession({ home, runId, harness, path, scanner: { scan: async () => [] } });
    return { kind: "session", path: "", ...(await blobs.put(createReadStream(path))) };
  } catch {
    return undefined;
  } finally {
    await rm(path, { force: true });
  }
}

/** Where the workspace was on the worker is nobody's business. */
function withoutPlaces({ workspace: _, ...baseline }: JsonObject): JsonObject {
  return baseline;
}
