import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { helperDir, runHelper } from "./bwrap/run-helper.ts";
import { StateStore, unfinished } from "./state/state-store.ts";

/** Nobody fills a folder for so long: whoever began it has died. */
const abandonedAfterMs = 60 * 60 * 1000;

/** Removes what processes that died had begun to make. What cannot be removed is left for the next time. */
export async function sweepUnfinished(settings: ResolvedSettings): Promise<void> {
  const { sandboxes, templates } = new StateStore(settings.stateDir);
  for (const path of [sandboxes, templates].flatMap(unfinishedIn)) {
    // An agent's files are removed as the agent's.
    const command = ["/bin/sh", "-c", `rm -rf ${helperDir}/*`];
    await runHelper({ settings, folder: path, command }).catch(() => {});
    rmSync(path, { recursive: true, force: true });
  }
}

function unfinishedIn(parent: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(parent);
  } catch {
    // Nothing was made yet.
    return [];
  }
  return names
    .filter((name) => name.startsWith(unfinished))
    .map((name) => join(parent, name))
    .filter((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMs;
    });
}
