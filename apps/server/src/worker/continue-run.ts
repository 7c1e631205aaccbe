import { join } from "node:path";
import { importSession, newRunId, readSessionFile } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Store } from "@glovebox/store";

interface ContinueOptions {
  readonly store: Store;
  readonly home: string;
  /** The run's own directory. */
  readonly directory: string;
  readonly harness: Harness;
  readonly providerId: string;
  readonly workspace: string | undefined;
}

/**
 * Makes a run of this state directory of the stored session of an earlier one, wherever that was carried, and returns its id. Throws
 * `invalid-options` if the earlier run cannot be continued.
 */
export async function importEarlierRun(runId: string, options: ContinueOptions): Promise<string> {
  const { store, home, directory, harness, providerId, workspace } = options;
  const session = await store.files.get(runId, "session");
  if (session === undefined) {
    throw new InvalidOptionsError(`The conversation of ${runId} was not kept, so the run cannot be continued`);
  }
  const imported = await importSession(await readSessionFile(await store.blobs.open(session.sha256)), {
    ...{ home, harness, providerId, runId: newRunId() },
    outputDirectory: join(directory, "earlier"),
    ...(workspace !== undefined && { workspace }),
  });
  return imported.runId;
}
