import type { Sandbox } from "@glovebox/core/provider";
import { SandboxError } from "@glovebox/core/provider";
import type { Run } from "@glovebox/store";
import { HttpError } from "../../access/http-error.ts";
import type { Plugins } from "../../plugins.ts";

/**
 * Connects to the sandbox of a running run. Throws a 409 if the run has none at present, and `carried-elsewhere` if it is out of this
 * server's reach: on the machine of another worker.
 */
export async function connectToRun(plugins: Plugins, run: Run): Promise<Sandbox> {
  const { id, state, sandboxId, provider } = run;
  if (state !== "running") throw new HttpError(409, "stopped", `The run ${id} is not running`);
  if (sandboxId === undefined) throw new HttpError(409, "stopped", `The run ${id} has no sandbox yet`);
  try {
    return await plugins.provider(provider).connect(sandboxId);
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
    throw new HttpError(409, "carried-elsewhere", `Another worker carries the run ${id}: this server cannot reach it`);
  }
}
