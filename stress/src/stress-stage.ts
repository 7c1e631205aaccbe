import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";

const cli = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));
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

  glovebox(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
    const child = spawn(process.execPath, ["--conditions=@glovebox/source", "--", cli, ...args], {
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
    for (const { Id } of await this.containers()) await this.docker.getContainer(Id).remove({ force: true, v: true });
    rmSync(this.root, { recursive: true, force: true });
  }
}

function makerOf(labels: Readonly<Record<string, string>>): number {
  return (JSON.parse(labels["glovebox.docker.maker"] ?? "{}") as { readonly pid?: number }).pid ?? 0;
}
