import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import {
  type ComponentNames,
  type Harness,
  type HarnessDialogue,
  type HarnessEvent,
  type HarnessLine,
  type HarnessOutcome,
  type HarnessResultEvent,
  type HarnessTask,
  noComponents,
  type SandboxProcess,
} from "@glovebox/core/harness";
import { dropUndefined } from "@glovebox/core/provider";
import { createClaudeCode } from "../../src/index.ts";

/** The real binary of the pinned version, from the platform's package. */
export const claudeBinary = findBinary();

export interface ClaudeRun {
  readonly events: HarnessEvent[];
  readonly result: HarnessResultEvent | undefined;
  readonly outcome: HarnessOutcome;
  readonly directory: string;
  /** What was said before the prompt was sent. */
  readonly warnings: readonly string[];
  /** What the process had in its environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ClaudeRunOptions {
  readonly baseUrl: string;
  readonly task?: Partial<HarnessTask>;
  /** Which of the harness's credentials is used: its placeholder goes in. */
  readonly variable?: string;
  /** The components that it proves before it gets the prompt. None by default. */
  readonly expected?: Partial<ComponentNames>;
  /** What is in the directory before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** What is in its home before it starts. */
  readonly home?: Readonly<Record<string, string>>;
  /** The sandbox's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Answers what the agent asks, of a task with `asksPermission`. */
  readonly permit?: HarnessDialogue["permit"];
  /** Gives the harness's own interrupt to the test. */
  readonly onEvent?: (event: HarnessEvent, interrupt: () => Promise<void>) => void;
}

const directories: string[] = [];

/** Removes what the runs have made. */
export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** Runs a task with the real binary as a run does it: command, environment, lines, events, outcome. */
export async function runClaude(options: ClaudeRunOptions): Promise<ClaudeRun> {
  const harness = createClaudeCode({ pathToBinary: claudeBinary, backgroundWaitMs: 30_000 });
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-claude-")));
  const home = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-claude-home-")));
  directories.push(directory, home);
  writeFiles(directory, options.files);
  writeFiles(home, options.home);
  const task = { prompt: "Do it", workspaceDir: directory, ...options.task };
  const { components } = harness;
  if (components === undefined) throw new Error("unreachable: Claude Code takes components");
  const expected = { ...noComponents, ...options.expected };
  const command = components.command(task, { expected });
  const inside = { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: home, ...options.env };
  const env = { ...inside, ...command.env, ...environment(harness, options), CLAUDE_CODE_TMPDIR: home };
  const child = spawn(command.argv[0], command.argv.slice(1), { cwd: command.cwd, env, stdio: "pipe" });
  // A program that has ended already reads nothing more.
  child.stdin.on("error", () => {});
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const stderr: string[] = [];
  const events: HarnessEvent[] = [];
  const warnings: string[] = [];
  const spoken = { ...dialogue(child, stderr, warnings, inside), ...dropUndefined({ permit: options.permit }) };
  const said = components.start(spoken, task, expected);
  try {
    for await (const event of harness.parse(said)) {
      events.push(event);
      options.onEvent?.(event, () => harness.interrupt(processOf(child)));
    }
  } catch (error) {
    child.kill("SIGKILL");
    await exited;
    throw error;
  }
  const result = events.find((event) => event.type === "harness.result");
  const exit = { exitCode: await exited, reason: "exited" } as const;
  return { events, result, outcome: harness.outcome(result, exit, stderr.join("\n")), directory, env, warnings };
}

function writeFiles(directory: string, files: Readonly<Record<string, string>> = {}): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

function dialogue(
  child: ChildProcess,
  stderr: string[],
  warnings: string[],
  env: Readonly<Record<string, string>>,
): HarnessDialogue {
  return {
    lines: lines(child, stderr),
    warn: (_code, message) => void warnings.push(message),
    write: async (text) => void child.stdin?.write(text),
    closeInput: async () => void child.stdin?.end(),
    run: async ([program, ...args]) => spawnSync(program, args, { env, encoding: "utf8" }).stdout,
  };
}

function environment(harness: Harness, { baseUrl, variable }: ClaudeRunOptions): Record<string, string> {
  const cloud = harness.clouds?.find((one) => one.variable === variable);
  if (cloud !== undefined) {
    const endpoint = harness.endpoints.find(({ id }) => id === cloud.endpointId);
    return { IS_SANDBOX: "1", ...cloud.env, [cloud.variable]: "1", [endpoint?.baseUrlVariable ?? ""]: baseUrl };
  }
  const credential = harness.credentials.find((one) => one.variable === (variable ?? "ANTHROPIC_API_KEY"));
  if (credential === undefined) throw new Error(`no such credential: ${variable}`);
  return {
    // The binary refuses to skip permissions as root anywhere else.
    IS_SANDBOX: "1",
    [harness.endpoints[0]?.baseUrlVariable ?? ""]: baseUrl,
    [credential.variable]: credential.placeholder,
  };
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

function findBinary(): string {
  const require = createRequire(import.meta.url);
  const within = createRequire(require.resolve("@anthropic-ai/claude-code/package.json"));
  for (const suffix of ["", "-musl"]) {
    const name = `@anthropic-ai/claude-code-${process.platform}-${process.arch}${suffix}/claude`;
    try {
      return within.resolve(name);
    } catch {
      // The other libc's package is the one that is installed.
    }
  }
  throw new Error("The claude binary of this platform is not installed");
}
