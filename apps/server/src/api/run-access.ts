import type { Run, Store } from "@glovebox/store";
import { HttpError } from "../access/http-error.ts";
import type { Principal } from "../access/principal.ts";
import { canChange, canRead } from "../access/run-access.ts";

/** Returns a run that the principal may read. Throws a 404 if there is none, or none for this principal. */
export async function readableRun(store: Store, principal: Principal, id: string): Promise<Run> {
  const run = await store.runs.get(id);
  if (run === undefined || !canRead(principal, run)) throw new HttpError(404, "not-found", `There is no run ${id}`);
  return run;
}

/** Returns a run that the principal may change. Throws a 404 if there is none, and a 403 if it is another user's. */
export async function changeableRun(store: Store, principal: Principal, id: string): Promise<Run> {
  const run = await readableRun(store, principal, id);
  if (!canChange(principal, run))
    throw new HttpError(403, "forbidden", "Only the user who started it may change a run");
  return run;
}
