import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill } from "node:process";
import type { RunEvent, RunResult } from "@glovebox/core";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel, type Script, type ScriptedModel } from "@glovebox/scripted-model";
import Docker from "dockerode";
import { builtCommand, commandLine, compileCache } from "./command-line.ts";
import { runnersIn } from "./runners-in.ts";

/** A user's machine for one test: an empty current directory, a state directory, a model, and the real command. */
export interface Stage extends AsyncDisposable {
  readonly directory: string;
  readonly home: string;
  /** Where the command puts what is temporary; nothing else is there. */
  readonly temporary: string;
  /** What only the host may know. */
  readonly key: string;
  readonly model: ScriptedModel;
  readonly modelUrl: string;
  readonly docker: Docker;
  glovebox(args: readonly string[], options?: CommandOptions): Command;
  /** The command with these arguments, and the environment that it needs, for those who start it in a way of their own. */
  argv(args: readonly string[]): readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** The containers of this stage's owner, stopped ones included. */
  containers(): Promise<Docker.ContainerInfo[]>;
  /** The newest run's result. */
  result(): RunResult;
  /** The newest run's journal. */
  events(): RunEvent[];
  file(path: string): string;
}

export interface CommandOptions {
  /** The command as it is published, also where the tests otherwise start its sources: it takes less memory. */
  readonly built?: boolean;
  /** Runs it in a terminal of its own, which shows everything as `stdout`. */
  readonly terminal?: boolean;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Hears of each event of a command that was given `--json`. */
  readonly onEvent?: (event: RunEvent, command: Command) => void;
}

export interface Command {
  readonly process: ChildProcess;
  readonly done: Promise<Done>;
}

export interface Done {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
}

/** `engine`: whether the test needs Docker, so that what it left there is removed. Default: true. */
export async function setStage(script: Script, { engine = true }: { readonly engine?: boolean } = {}): Promise<Stage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-stage-")));
  const [directory, home, temporary] = [join(root, "here"), join(root, "home"), join(root, "tmp")];
  mkdirSync(directory);
  mkdirSync(temporary);
  const key = `sk-ant-api03-${randomBytes(24).toString("hex")}`;
  const model = createScriptedModel({ script, expectKey: key });
  const server = await model.listen();
  const docker = new Docker();
  const provider = createDockerProvider();
  const commands = new Set<Command>();
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    TMPDIR: temporary,
    GLOVEBOX_HOME: home,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: server.url,
    GLOVEBOX_NO_UPDATE_CHECK: "1",
    ...compileCache,
    ...(process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST }),
  };
  const runDirectory = () => {
    const newest = readdirSync(join(home, "runs")).sort().at(-1);
    if (newest === undefined) throw new Error("there is no run");
    return join(home, "runs", newest);
  };
  const containers = async () => {
    const owner = existsSync(join(home, "owner")) ? readFileSync(join(home, "owner"), "utf8").trim() : "nobody";
    return docker.listContainers({ all: true, filters: { label: [`glovebox.owner=${owner}`] } });
  };
  return {
    directory,
    home,
    temporary,
    key,
    model,
    modelUrl: server.url,
    docker,
    containers,
    argv: (args) => [process.execPath, ...commandLine, ...args],
    env,
    glovebox(args, options = {}) {
      const command = start(args, { ...options, cwd: directory, env: { ...env, ...options.env } });
      commands.add(command);
      return command;
    },
    result: () => JSON.parse(readFileSync(join(runDirectory(), "result.json"), "utf8")) as RunResult,
    events: () => parseEvents(readFileSync(join(runDirectory(), "events.ndjson"), "utf8")),
    file: (path) => readFileSync(join(directory, path), "utf8"),
    async [Symbol.asyncDispose]() {
      for (const { process } of commands) process.kill("SIGKILL");
      // A process that is still ending writes where the directories are removed below.
      await Promise.allSettled([...commands].map(({ done }) => done));
      for (const pid of runnersIn(home).values()) kill(pid, "SIGKILL");
      await until("the runners have ended", () => runnersIn(home).size === 0);
      await server.close();
      for (const { Id } of engine ? await containers() : []) await provider.destroy(Id);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function start(
  args: readonly string[],
  options: CommandOptions & { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Command {
  const program = options.built ? [builtCommand] : commandLine;
  const argv: [string, ...string[]] = [process.execPath, ...program, ...args];
  const [file, ...rest] = options.terminal ? inTerminal(argv) : argv;
  const child = spawn(file, rest, {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}); // The command may end without reading what it is given.
  child.stdin.end(options.stdin ?? "");
  const seen = { stdout: "", stderr: "", line: "", events: [] as RunEvent[] };
  const done = new Promise<Done>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...seen }));
  });
  const command: Command = { process: child, done };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    seen.stderr += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen.stdout += text;
    const lines = (seen.line + text).split("\n");
    seen.line = lines.pop() ?? "";
    if (!args.includes("--json")) return;
    for (const event of parseEvents(lines.join("\n"))) {
      seen.events.push(event);
      options.onEvent?.(event, command);
    }
  });
  return command;
}

function inTerminal(argv: readonly string[]): [string, ...string[]] {
  const quoted = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return ["script", "--quiet", "--return", "--flush", "--command", quoted.join(" "), "/dev/null"];
}

function parseEvents(text: string): RunEvent[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Waits for a condition; the error says which one never came. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
