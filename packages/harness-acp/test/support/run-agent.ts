import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import {
  type ComponentNames,
  type Harness,
  type HarnessDialogue,
  type HarnessEvent,
  type HarnessLine,
  type HarnessOutcome,
  type HarnessResultEvent,
  type HarnessTask,
  harnessEventSchema,
  noComponents,
} from "@glovebox/core/harness";

export interface AgentRun {
  readonly events: readonly HarnessEvent[];
  readonly result: HarnessResultEvent | undefined;
  readonly outcome: HarnessOutcome;
  readonly directory: string;
  readonly warnings: readonly string[];
  readonly stderr: string;
  /** Whether the agent ended by itself once its input was closed. */
  readonly endedItself: boolean;
  /** Processes of the agent's group or environment that outlived it; they are killed. */
  readonly left: readonly string[];
}

export interface AgentRunOptions {
  readonly harness: Harness;
  readonly modelUrl: string;
  readonly task?: Partial<HarnessTask>;
  readonly expected?: Partial<ComponentNames>;
  /** Answers what an agent asks that has to ask. */
  readonly permit?: HarnessDialogue["permit"];
  /** In place of new ones: what an earlier run has left. */
  readonly directory?: string;
  readonly home?: string;
  readonly path?: string;
  /** The run stops as soon as the agent prints anything. */
  readonly stopsAtOnce?: boolean;
  readonly onEvent?: (event: HarnessEvent, stop: () => void) => void;
}

const directories: string[] = [];
const endMs = 20_000;
/** How long a run lets a harness take to stop. */
const stoppedMs = 5000;

/** Removes what the runs have made. */
export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export function newDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-acp-")));
  directories.push(directory);
  return directory;
}

/** Runs a task with a real process as a run does: command, files, environment, dialogue, events, outcome. */
export async function runAgent(options: AgentRunOptions): Promise<AgentRun> {
  const { harness } = options;
  const { components } = harness;
  if (components === undefined) throw new Error("unreachable: it is started by its dialogue");
  const directory = options.directory ?? newDirectory();
  const home = options.home ?? newDirectory();
  const task = { prompt: "Do it", workspaceDir: directory, ...options.task };
  const expected = { ...noComponents, ...options.expected };
  const unplaced = components.command(task, { expected });
  const [endpoint] = harness.endpoints;
  const [credential] = harness.credentials;
  if (endpoint === undefined || credential === undefined) throw new Error("there is no endpoint or credential");
  const command = { ...unplaced, ...unplaced.withRoutes?.({ [endpoint.id]: options.modelUrl }) };
  for (const { path, content } of command.files ?? []) {
    const inside = path.replace("/home/agent", home);
    mkdirSync(dirname(inside), { recursive: true });
    writeFileSync(inside, content.replaceAll("/home/agent", home));
  }
  const marker = `GLOVEBOX_TEST_RUN=${home}`;
  const own = { PATH: options.path ?? process.env.PATH ?? "", HOME: home, TMPDIR: home, GLOVEBOX_TEST_RUN: home };
  const model = { [endpoint.baseUrlVariable]: options.modelUrl, [credential.variable]: credential.placeholder };
  const moved = Object.entries(command.env).map(([name, value]) => [name, value.replaceAll("/home/agent", home)]);
  const env = { ...own, ...Object.fromEntries(moved), ...model };
  const argv = command.argv.map((text) => text.replaceAll("/home/agent", home)) as [string, ...string[]];
  const child = spawn(argv[0], argv.slice(1), { cwd: directory, env, stdio: "pipe", detached: true });
  child.stdin.on("error", () => {});
  const exited = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
    child.once("error", () => resolve(127));
  });
  const stopping = new AbortController();
  stopping.signal.addEventListener("abort", () => setTimeout(() => killGroup(child), stoppedMs).unref());
  const stderr: string[] = [];
  const warnings: string[] = [];
  const dialogue: HarnessDialogue = {
    lines: lines(child, stderr),
    warn: (_code, message) => void warnings.push(message),
    write: (text) => new Promise((resolve) => child.stdin.write(text, () => resolve())),
    closeInput: async () => void child.stdin.end(),
    run: async ([program, ...args]) => spawnSync(program, args, { env, cwd: directory, encoding: "utf8" }).stdout,
    stopping: stopping.signal,
    ...(options.permit === undefined ? {} : { permit: options.permit }),
  };
  if (options.stopsAtOnce) child.stdout.once("data", () => stopping.abort());
  let endedItself = true;
  let timer: NodeJS.Timeout | undefined;
  const events: HarnessEvent[] = [];
  try {
    for await (const event of harness.parse(components.start(dialogue, task, expected))) {
      events.push(harnessEventSchema.parse(event));
      options.onEvent?.(event, () => stopping.abort());
      if (event.type !== "harness.result") continue;
      timer = setTimeout(() => {
        endedItself = false;
        killGroup(child);
      }, endMs);
    }
  } catch (error) {
    killGroup(child);
    await exited;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const exit = { exitCode: await exited, reason: "exited" } as const;
  const left = await processesLeft(marker);
  const result = events.find((event) => event.type === "harness.result");
  const said = stderr.join("\n");
  const outcome = harness.outcome(result, exit, said);
  return { events, result, outcome, directory, warnings, stderr: said, endedItself, left };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

/** The command lines of the processes that have a variable in their environment and do not end soon. They are killed. */
async function processesLeft(marker: string): Promise<string[]> {
  for (let attempt = 0; attempt < 50 && processesWith(marker, false).length > 0; attempt += 1) await pause(100);
  return processesWith(marker, true);
}

function processesWith(marker: string, killsThem: boolean): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(marker)) return [];
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      if (line === "") return [];
      if (killsThem) process.kill(Number(pid), "SIGKILL");
      return [line];
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return [];
    }
  });
}

async function* lines(child: ChildProcess, stderr: string[]): AsyncGenerator<HarnessLine> {
  child.stderr?.setEncoding("utf8").on("data", (text: string) => void stderr.push(text));
  if (child.stdout === null) throw new Error("unreachable: its output is a pipe");
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield { stream: "stdout", line };
  }
}
