import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill } from "node:process";
import { fileURLToPath } from "node:url";
import { livenessOf, parseHostProcess } from "@glovebox/core/state";
import Docker from "dockerode";

/** The command as it is published takes less of the machine than its sources; it has to be built before. */
const program = process.env.STRESS_BUILT
  ? [fileURLToPath(new URL("../../apps/cli/bin/glovebox.js", import.meta.url))]
  : ["--conditions=@glovebox/source", "--", fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url))];
const shellHarness = fileURLToPath(new URL("./shell-harness.ts", import.meta.url));

export interface Command {
  readonly process: ChildProcess;
  readonly done: Promise<CommandEnd>;
}

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine of its own for one round: a home, a current directory and a temporary directory. */
export class StressStage implements AsyncDisposable {
  readonly docker: Docker;
  readonly root: string;
  readonly #commands = new Set<ChildProcess>();
  readonly #pids = new Set<number>();

  constructor(docker: Docker = new Docker()) {
    this.docker = docker;
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-stress-")));
    for (const directory of [this.directory, this.temporary]) mkdirSync(directory);
  }

  /** The state directory. */
  get home(): string {
    return join(this.root, "home");
  }

  /** The harness whose prompt is a script. */
  get harness(): string {
    return shellHarness;
  }

  /** Where commands are started. */
  get directory(): string {
    return join(this.root, "here");
  }

  /** What commands take for the system's temporary directory: nothing else is in it. */
  get temporary(): string {
    return join(this.root, "tmp");
  }

  /** `glovebox run` with a script for the shell in place of an agent. */
  run(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): Command {
    return this.glovebox(["run", script, "--harness", shellHarness, ...args], env);
  }

  /** `glovebox batch` whose prompts are scripts for the shell. */
  batch(args: readonly string[], env?: Readonly<Record<string, string>>): Command {
    return this.glovebox(["batch", ...args, "--harness", shellHarness], env);
  }

  glovebox(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
    const child = spawn(process.execPath, [...program, ...args], {
      cwd: this.directory,
      env: {
        PATH: process.env.PATH,
        HOME: this.root,
        TMPDIR: this.temporary,
        GLOVEBOX_HOME: this.home,
        ANTHROPIC_API_KEY: "sk-ant-stress-0000000000000000",
        ...(process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST }),
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#commands.add(child);
    if (child.pid !== undefined) this.#pids.add(child.pid);
    const seen = { stdout: "", stderr: "" };
    const done = new Promise<CommandEnd>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        this.#commands.delete(child);
        resolve({ code, signal, ...seen });
      });
    });
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        seen[name] += text;
      });
    }
    return { process: child, done };
  }

  /** The processes that carry the runs of this stage at the moment, by the run's id. */
  runners(): ReadonlyMap<string, number> {
    const runners = new Map<string, number>();
    for (const runId of this.runIds()) {
      const epochs = join(this.home, "runs", runId, "epochs");
      for (const epoch of existsSync(epochs) ? readdirSync(epochs) : []) {
        const holder = parseHostProcess(read(join(epochs, epoch)));
        if (holder !== undefined && livenessOf(holder) === "alive") runners.set(runId, holder.pid);
      }
    }
    for (const pid of runners.values()) this.#pids.add(pid);
    return runners;
  }

  runIds(): readonly string[] {
    const runs = join(this.home, "runs");
    return existsSync(runs) ? readdirSync(runs) : [];
  }

  /** Processes that work in this stage's directories, or name one in their arguments or their environment. */
  processes(): readonly string[] {
    return processesIn(this.root);
  }

  /** This stage's containers, stopped ones included: its owner's, and those that help a command of its. */
  async containers(): Promise<Docker.ContainerInfo[]> {
    const helpers = await this.docker.listContainers({ all: true, filters: { name: ["^/glovebox-helper-"] } });
    return [...(await this.#owned()), ...helpers.filter(({ Labels }) => this.#pids.has(makerOf(Labels)))];
  }

  async #owned(): Promise<Docker.ContainerInfo[]> {
    const file = join(this.home, "owner");
    if (!existsSync(file)) return [];
    const owner = readFileSync(file, "utf8").trim();
    return this.docker.listContainers({ all: true, filters: { label: [`glovebox.owner=${owner}`] } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#commands) child.kill("SIGKILL");
    for (const pid of this.runners().values()) kill(pid, "SIGKILL");
    for (const { Id } of await this.containers()) await this.docker.getContainer(Id).remove({ force: true, v: true });
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Empty for one that was removed meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function makerOf(labels: Readonly<Record<string, string>>): number {
  return (JSON.parse(labels["glovebox.docker.maker"] ?? "{}") as { readonly pid?: number }).pid ?? 0;
}

/** The command lines of processes that have to do with a directory. */
function processesIn(directory: string): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      const env = readFileSync(`/proc/${pid}/environ`, "utf8");
      return line.includes(directory) || cwd.startsWith(directory) || env.includes(`HOME=${directory}`)
        ? [`${pid} ${line.slice(0, 200)}`]
        : [];
    } catch {
      // It has ended meanwhile, or belongs to another user.
      return [];
    }
  });
}
