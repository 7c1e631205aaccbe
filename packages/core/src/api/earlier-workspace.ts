import { basename, join } from "node:path";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { readRecord } from "../run/state/run-record.ts";

/** The project of an earlier run, if it had one. */
export function earlierWorkspace(home: string, runId: string): { readonly workspace?: string } {
  return dropUndefined({ workspace: readRecord(join(home, "runs", basename(runId)))?.workspace });
}
