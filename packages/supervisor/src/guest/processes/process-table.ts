import type { ExitEvent, ProcessRecord, SpawnRequest, TerminalRequest } from "../../protocol/messages.ts";
import type { GuestConfig } from "../guest-config.ts";
import type { Cgroup } from "../resources/cgroup.ts";
import { oomKills } from "../resources/sandbox-stats.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import { childEnvironment } from "./child-environment.ts";
import { endProcesses } from "./end-processes.ts";
import type { OwnProcesses } from "./own-processes.ts";
import { readProcEntry } from "./proc-entry.ts";
import { SpawnedProcess } from "./spawned-process.ts";
import { startChild, userOf } from "./start-child.ts";
import { sizeCommand, terminalRequest } from "./terminal-request.ts";

const mebibyte = 1024 * 1024;
const ringBytes = 8 * mebibyte;
/** Shared by the rings of everything that runs; with many processes each gets less. */
const runningBytes = 128 * mebibyte;
const finishedBytes = 64 * mebibyte;
const finishedCount = 256;
const listedArgvBytes = 4096;

export interface ProcessTableOptions {
  readonly config: GuestConfig;
  readonly cgroup: Cgroup;
  readonly ownProcesses: OwnProcesses;
  readonly onExit: (event: ExitEvent) => void;
}

/** The processes that the host started: those that run, and the last that ended. */
export class ProcessTable {
  /** The sandbox's environment, under each process's own. */
  env: Readonly<Record<string, string>> = {};
  /** Under {@link env}. */
  baseEnv: Readonly<Record<string, string>> = {};
  readonly #config: GuestConfig;
  readonly #cgroup: Cgroup;
  readonly #ownProcesses: OwnProcesses;
  readonly #running = new Map<string, SpawnedProcess>();
  /** In the order in which they ended. */
  readonly #finished = new Map<string, SpawnedProcess>();
  readonly #onExit: (event: ExitEvent) => void;

  constructor({ config, cgroup, ownProcesses, onExit }: ProcessTableOptions) {
    this.#config = config;
    this.#cgroup = cgroup;
    this.#ownProcesses = ownProcesses;
    this.#onExit = onExit;
  }

  async spawn(id: string, request: SpawnRequest): Promise<SpawnedProcess> {
    const configured = { ...this.baseEnv, ...this.env };
    const started = terminalRequest(request, childEnvironment(id, configured, request, this.#config), this.#config);
    const spawned = this.#add(await startChild(started, id, configured, this.#config), id, request);
    spawned.terminalSize = request.terminal;
    if (request.terminal !== undefined) await spawned.enterTerminal(started.argv);
    return spawned;
  }

  /** Sets the size of a process's terminal. */
  async resize(id: string, size: TerminalRequest): Promise<void> {
    const spawned = this.get(id);
    if (spawned.exit !== undefined) return;
    if (spawned.terminal === undefined) throw new SupervisorFailure("invalid-options", `${id} has no terminal.`);
    const argv = sizeCommand(size, spawned.terminal.device);
    const request: SpawnRequest = { argv, cwd: "/", output: "detached", stdin: "closed", stdinBytes: 0 };
    const stty = await startChild(request, id, {}, this.#config);
    for (const output of [stty.stdout, stty.stderr]) output?.resume();
    const code = await new Promise<number | null>((resolve) => stty.once("exit", resolve));
    if (code === 0) spawned.terminalSize = size;
    if (code === 0 || spawned.exit !== undefined) return;
    throw new SupervisorFailure("process", `The terminal of ${id} did not take the size.`);
  }

  get(id: string): SpawnedProcess {
    const found = this.#running.get(id) ?? this.#finished.get(id);
    if (found === undefined) throw new SupervisorFailure("not-found", `There is no process ${id}.`);
    return found;
  }

  list(): ProcessRecord[] {
    return [...this.#finished.values(), ...this.#running.values()].map((process) => ({
      id: process.id,
      pid: process.pid,
      argv: process.argv,
      ageMs: performance.now() - process.startedAtMs,
      ...(process.tag === undefined ? {} : { tag: process.tag }),
      ...(process.exit === undefined ? {} : { exit: process.exit }),
    }));
  }

  /** Ends every process that is not the supervisor's own, whether it was spawned here or not. */
  async quiesce(): Promise<void> {
    await endProcesses((entries) => entries.filter((entry) => !this.#ownProcesses.has(entry)));
    // One that became root's, where the sandbox has a root, runs on: nobody waits for it.
    const ended = [...this.#running.values()].filter(({ pid }) => readProcEntry(pid)?.dead !== false);
    await Promise.all(ended.map((process) => process.exited));
  }

  #add(child: Awaited<ReturnType<typeof startChild>>, id: string, request: SpawnRequest): SpawnedProcess {
    const spawned = new SpawnedProcess(child, {
      id,
      argv: shortened(request.argv),
      tag: request.tag,
      lossless: request.output === "attached",
      timeoutMs: request.timeoutMs,
      user: userOf(request, this.#config),
      capacityBytes: () =>
        Math.max(64 * 1024, Math.min(ringBytes, Math.floor(runningBytes / (this.#running.size + 1)))),
      ownProcesses: this.#ownProcesses,
      oomKills: () => oomKills(this.#cgroup),
      othersLive: () => this.#running.size > 1,
    });
    this.#running.set(id, spawned);
    spawned.exited.then((exit) => {
      this.#running.delete(id);
      this.#finished.set(id, spawned);
      this.#forget();
      this.#onExit({ id, exit });
    });
    return spawned;
  }

  #forget(): void {
    let bytes = 0;
    for (const [index, [id, process]] of [...this.#finished].reverse().entries()) {
      if (index >= finishedCount) this.#finished.delete(id);
      bytes += process.log.cost;
      if (bytes > finishedBytes && !process.log.hasReaders) process.log.clear();
    }
  }
}

/** Long arguments would make a list of processes long; the beginning shows what ran. */
function shortened(argv: readonly string[]): string[] {
  let left = listedArgvBytes;
  const short: string[] = [];
  for (const argument of argv) {
    if (left <= 0) break;
    short.push(argument.length > left ? `${argument.slice(0, left)}…` : argument);
    left -= argument.length + 1;
  }
  return short;
}
