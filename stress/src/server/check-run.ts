import type { StressFault } from "../stress-scenario.ts";
import type { FleetClient, FleetRun } from "./fleet-client.ts";

/** Looks whether one run began once, ended once, and brought back what it says. */
export async function checkRun(client: FleetClient, run: FleetRun, content: string): Promise<readonly StressFault[]> {
  const faults: StressFault[] = [];
  const fault = (kind: string, detail: string) => faults.push({ kind, detail: `${run.id}: ${detail}` });
  const events = await client.events(run.id);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  if (run.state !== "ended") fault("run not ended", run.state);
  if (count("sandbox.created") > 1) fault("run doubled", `${count("sandbox.created")} sandboxes`);
  if (count("run.end") !== 1) fault("end not right", `${count("run.end")} last events`);
  if (events.some(({ seq }, index) => seq !== index + 1)) fault("events not right", "their numbers have gaps");
  const end = events.at(-1);
  if (end?.type !== "run.end" || end.outcome !== run.outcome) fault("end not right", JSON.stringify(end));
  if (run.outcome !== "succeeded" && !isInterruption(run.reason ?? "")) fault("run failed", run.reason ?? "");
  if (run.outcome !== "succeeded") return faults;
  const written = await client.file(run.id, "made.txt");
  if (written !== content) fault("files not right", JSON.stringify(written));
  return faults;
}

/** What a run says whose worker was killed while its script ran. */
function isInterruption(reason: string): boolean {
  return /^The (process that ran it ended|worker that carried the run ended)/.test(reason);
}
