import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import type { CommandAnswer, Run, RunCommand, Store } from "@glovebox/store";
import { HttpError } from "../../access/http-error.ts";

/** Stops a running run, or cancels a queued one. One that has ended is left as it is. */
export async function stopRun(store: Store, run: Run, force: boolean): Promise<void> {
  if (run.state === "ended") return;
  if (run.state === "queued" && (await store.queue.cancel(run.id, "Cancelled in the queue"))) return;
  await askRun(store, run.id, { type: "stop", force });
}

/** Asks the worker of a running run. Throws what it answers as an error, and a 409 if the run is not running. */
export async function askRun(store: Store, runId: string, command: RunCommand): Promise<unknown> {
  const run = await store.runs.get(runId);
  if (run?.state !== "running") {
    throw new HttpError(409, "stopped", `The run ${runId} is ${run?.state === "queued" ? "queued" : "not running"}`);
  }
  const { error, value }: CommandAnswer = await store.commands.ask(runId, command);
  if (error === undefined) return value;
  // The worker's errors are of the same family.
  throw new SandboxError(error.code as SandboxErrorCode, error.message);
}
