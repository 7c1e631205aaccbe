import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type {
  HarnessEvent,
  HarnessLine,
  HarnessOutcome,
  HarnessResultEvent,
  HarnessTask,
  SandboxProcess,
} from "@glovebox/core/harness";
import { agentBinary } from "@glovebox/harness-testkit";
import { codexVersion, createCodex } from "../../src/index.ts";

export interface CodexRun {
  readonly events: readonly HarnessEvent[];
  readonly result: HarnessResultEvent | undefined;
  readonly outcome: HarnessOutcome;
  readonly directory: string;
  /** Stands for the home directory of the sandbox's user. */
  readonly home: string;
}

export interface CodexRunOptions {
  readonly baseUrl: string;
  readonly task?: Partial<HarnessTask>;
  /** What is in the workspace before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A run whose conversations are there. */
  readonly after?: CodexRun;
  readonly onEvent?: (event: HarnessEvent, interrupt: () => Promise<void>) => void;
}

/** Not below the temporary directory: Codex makes no programs of its own there. */
const root = mkdtempSync(join(homedir(), ".glovebox-codex-test-"));
const programs = await agentBinary("@openai/codex", codexVersion);
const harness = createCodex({ pathToBinary: join(programs, "codex") });
/** The launcher's own Node: a wrapper on PATH would keep signals to itself. */
const path = [dirname(realpathSync(process.execPath)), process.env.PATH ?? ""].join(":");

/** Removes what the runs have made. */
export function removeDirectories(): void {
  rmSync(root, { recursive: true, force: true });
}

/** Runs a task with the real binary as a run does it: command, routes, files, environment, lines, events, outcome. */
export async function runCodex(options: CodexRunOptions): Promise<CodexRun> {
  const directory = realpathSync(mkdtempSync(join(root, "work-")));
  const home = mkdtempSync(join(root, "home-"));
  const placed = (text: string) => text.replaceAll("/home/agent", home);
  for (const [name, content] of Object.entries(options.files ?? {})) write(join(directory, name), content);
  const task = { prompt: "Do it", workspaceDir: directory, model: "gpt-5.2-codex", ...options.task };
  for (const file of harness.places?.files(task.components ?? noParts) ?? []) {
    write(join(directory, file.path), Buffer.from(file.bytes).toString());
  }
  const first = harness.command(task);
  const command = { ...first, ...first.withRoutes?.({ openai: options.baseUrl }) };
  if (options.after !== undefined) {
    cpSync(join(options.after.home, ".codex/sessions"), join(home, ".codex/sessions"), { recursive: true });
  }
  for (const file of command.files ?? []) write(placed(file.path), placed(file.content));
  const env = Object.fromEntries(Object.entries(command.env).map(([name, value]) => [name, placed(value)]));
  const child = spawn(command.argv[0], command.argv.slice(1).map(placed), {
    cwd: command.cwd,
    env: { PATH: path, HOME: home, OPENAI_BASE_URL: options.baseUrl, ...options.env, ...env },
    stdio: "pipe",
  });
  child.stdin.on("error", () => {});
  child.stdin.end(command.stdin);
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const stderr: string[] = [];
  const events: HarnessEvent[] = [];
  for await (const event of harness.parse(lines(child, stderr))) {
    events.push(event);
    options.onEvent?.(event, () => harness.interrupt(processOf(child)));
  }
  const result = events.find((event) => event.type === "harness.result");
  const exit = { exitCode: await exited, reason: "exited" } as const;
  return { events, result, outcome: harness.outcome(result, exit, stderr.join("\n")), directory, home };
}

/** The conversations that a run has left, relative to the directory that comes back. */
export function sessionFiles({ home }: CodexRun): readonly string[] {
  const directory = join(home, ".codex/sessions");
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
}

export function readWorkspace({ directory }: CodexRun, name: string): string {
  return readFileSync(join(directory, name), "utf8");
}

const noParts = { agents: [], commands: [], skills: [], mcpServers: [] };

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function* lines(child: ChildProcess, stderr: string[]): AsyncGenerator<HarnessLine> {
  child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield { stream: "stdout", line };
  }
}

/** As much of a sandbox's process as an interrupt needs. */
function processOf(child: ChildProcess): SandboxProcess {
  const kill = async (signal = "SIGKILL"): Promise<void> => void child.kill(signal as NodeJS.Signals);
  return { kill } as SandboxProcess;
}
