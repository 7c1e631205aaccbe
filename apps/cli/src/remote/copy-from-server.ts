import { createWriteStream, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { checkWritePlace } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import { type CopyRequest, runOfCopy } from "../inside/copy-inside.ts";
import type { RemoteRuns } from "./remote-runs.ts";

const workspace = "/workspace/";

/** `glovebox cp` from a server: a file of the result of a run that has ended. Resolves to the exit code. */
export async function copyFromServer(
  { from, to, overwrite, terminal }: CopyRequest,
  runs: RemoteRuns,
): Promise<number> {
  const reference = runOfCopy(from, to);
  if (from.kind !== "sandbox" || to.kind === "sandbox") {
    throw new InvalidOptionsError("Files cannot be copied into a sandbox of a server", {
      hint: "`glovebox run --workspace DIR` uploads a project with a new run.",
    });
  }
  const { runId } = await runs.get(reference);
  const path = from.path.startsWith(workspace) ? from.path.slice(workspace.length) : from.path;
  const body = await runs.server.file(runId, path);
  const content = Readable.fromWeb(body as NodeReadableStream<Uint8Array>);
  if (to.kind === "stream") {
    await terminal.stdout.pipe(content);
    return 0;
  }
  const isDirectory = statSync(to.path, { throwIfNoEntry: false })?.isDirectory();
  const target = checkWritePlace(isDirectory ? join(to.path, basename(path)) : to.path);
  await write(content, target, overwrite);
  terminal.stdout.line(`1 file copied to ${safeName(target)}`);
  return 0;
}

async function write(content: Readable, target: string, overwrite: boolean): Promise<void> {
  try {
    await pipeline(content, createWriteStream(target, { flags: overwrite ? "w" : "wx" }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new InvalidOptionsError(`${safeName(target)} exists already`, { hint: "Replace it with --overwrite." });
  }
}
