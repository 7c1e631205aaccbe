import type { AttachedTerminal, Sandbox } from "@glovebox/core/provider";
import type { Run } from "@glovebox/store";
import { HttpError } from "../../access/http-error.ts";
import type { Plugins } from "../../plugins.ts";
import { connectToRun } from "./run-sandbox.ts";

/** The terminal of an agent, and the handle that it is reached by. */
export interface AgentTerminal {
  readonly sandbox: Sandbox;
  readonly terminal: AttachedTerminal;
}

/** Attaches to the terminal of a run's agent. Throws a 409 if it has none, or not at present. */
export async function attachToAgent(plugins: Plugins, run: Run): Promise<AgentTerminal> {
  if (run.request.interactive !== true)
    throw new HttpError(409, "invalid-options", `The run ${run.id} has no terminal`);
  const sandbox = await connectToRun(plugins, run);
  try {
    const agents = (await sandbox.processes()).filter(({ tag }) => tag === "harness");
    const running = agents.find(({ exit }) => exit === undefined);
    if (running !== undefined) return { sandbox, terminal: await sandbox.attachTerminal(running.id, 0) };
    const what = agents.length === 0 ? "has not started yet" : "has ended";
    throw new HttpError(409, "stopped", `The agent of the run ${run.id} ${what}`);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
