import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent, RunResult, RunSummary } from "@glovebox/core";
import type { StressFault } from "../stress-scenario.ts";
import type { StressStage } from "../stress-stage.ts";
import { expectedProject, type Project } from "./project.ts";

export interface Checked {
  readonly stage: StressStage;
  readonly project: Project;
  readonly output: string;
  /** Everything was dropped at once, as it was asked: files may be missing. */
  readonly aborted: boolean;
}

/** What is wrong after everything was recovered. */
export async function checkRound(checked: Checked): Promise<StressFault[]> {
  return [...(await checkState(checked)), ...checkFiles(checked), ...(await checkLeft(checked))];
}

async function checkState({ stage, aborted, output }: Checked): Promise<StressFault[]> {
  const { code, stdout, stderr } = await stage.glovebox(["ps", "--json", "--all"]).done;
  if (code !== 0 || stderr !== "") return [{ kind: "ps fails", detail: `exit ${code}: ${stderr}` }];
  const faults: StressFault[] = [];
  for (const line of stdout.trim().split("\n").filter(Boolean)) {
    const run = JSON.parse(line) as RunSummary;
    const shown = `${run.phase} ${run.outcome} alive=${run.isAlive} left=${run.isLeftBehind}`;
    if (run.isAlive || run.isLeftBehind || run.outcome === undefined || run.phase !== "ended")
      faults.push({ kind: "state wrong", detail: shown });
    const events = eventsOf(run.runDirectory);
    if (events.filter(({ type }) => type === "run.end").length !== 1 || events.at(-1)?.type !== "run.end")
      faults.push({ kind: "journal without its last event", detail: `${shown}: ends with ${events.at(-1)?.type}` });
    if (events.some(({ seq }, index) => seq !== index + 1)) faults.push({ kind: "journal with gaps", detail: shown });
    const result = resultOf(run.runDirectory);
    if (result === undefined) faults.push({ kind: "result lost", detail: shown });
    if (run.outputDirectory === output && result?.files === undefined && !aborted && hasFiles(output))
      faults.push({ kind: "manifest lost", detail: `${shown}: there are ${readdirSync(output).join(", ")}` });
  }
  return faults;
}

function checkFiles({ stage, project, output, aborted }: Checked): StressFault[] {
  const faults: StressFault[] = [];
  for (const name of existsSync(join(stage.home, "runs")) ? readdirSync(join(stage.home, "runs")) : []) {
    const runDirectory = join(stage.home, "runs", name);
    const result = resultOf(runDirectory);
    if (result?.files?.directory !== undefined && result.files.directory !== output) continue;
    const manifest = new Map(result?.files?.manifest.map((entry) => [entry.path, entry]) ?? []);
    for (const { path, kind, sha256, change } of manifest.values()) {
      if (kind !== "file" || change === "deleted") continue;
      if (sha256 !== digest(join(output, path)))
        faults.push({ kind: "file lost", detail: `${path} is not as the manifest has it` });
      if (change === "created" && path in project.original)
        faults.push({ kind: "given called created", detail: `${path}: ${name}` });
    }
    if (aborted) continue;
    for (const path of saidMade(runDirectory)) {
      if (!manifest.has(path))
        faults.push({ kind: "file lost", detail: `${path} was made and is in no manifest of ${name}` });
    }
  }
  return faults;
}

/** After `apply` the project is as the script left it, or as it was before. */
export function checkApplied({ stage, project }: Checked, scriptDone: boolean): StressFault[] {
  const expected = scriptDone ? expectedProject(project) : project.original;
  const wrong = Object.entries(expected).filter(([path, content]) => {
    const now = read(join(project.path, path));
    return now !== content && (scriptDone || now !== project.created[path]);
  });
  const faults = wrong.map(([path]) => ({ kind: "project not as applied", detail: `${path} in ${stage.root}` }));
  for (const path of filesBelow(project.path)) {
    if (/\.glovebox-/.test(path)) faults.push({ kind: "left in the project", detail: path });
  }
  return faults;
}

async function checkLeft({ stage }: Checked): Promise<StressFault[]> {
  const faults: StressFault[] = [];
  for (const { Names, State } of await stage.containers())
    faults.push({ kind: "container left", detail: `${Names[0]}, ${State}` });
  for (const name of readdirSync(stage.temporary)) faults.push({ kind: "temporary directory left", detail: name });
  for (const path of filesBelow(stage.home)) {
    if (/\.tmp$|\.partial$|\.damaged$|draft\.json$/.test(path)) faults.push({ kind: "state file left", detail: path });
  }
  for (const line of stage.processes()) faults.push({ kind: "process left", detail: line });
  return faults;
}

function hasFiles(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).length > 0;
}

export function eventsOf(runDirectory: string): RunEvent[] {
  const text = read(join(runDirectory, "events.ndjson")) ?? "";
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as RunEvent];
    } catch {
      // Cut by a kill; readers pass over it too.
      return [];
    }
  });
}

/** The files of which the script has said, in a journal that was written by then, that they are made. */
function saidMade(runDirectory: string): string[] {
  return eventsOf(runDirectory).flatMap((event) =>
    event.type === "harness.raw" && event.line.startsWith("made ") ? [event.line.slice("made ".length)] : [],
  );
}

export function resultOf(runDirectory: string): RunResult | undefined {
  const text = read(join(runDirectory, "result.json"));
  return text === undefined ? undefined : (JSON.parse(text) as RunResult);
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function digest(file: string): string | undefined {
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : undefined;
}

function filesBelow(directory: string): string[] {
  return existsSync(directory) ? (readdirSync(directory, { recursive: true }) as string[]) : [];
}
