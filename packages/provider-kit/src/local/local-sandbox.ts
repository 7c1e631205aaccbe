import { readFileSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import {
  type CallOptions,
  dropUndefined,
  type SandboxSpec,
  type SandboxState,
  SandboxStoppedError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { hostProcess, livenessOf, parseHostProcess, replaceFileSync } from "@glovebox/core/state";
import { z } from "zod";
import type { VendorInfo } from "../vendor-sandbox.ts";
import { connectSocket } from "./connect-socket.ts";

const killTimeoutMs = 30_000;
const connectTimeoutMs = 30_000;
const keeperTimeoutMs = 10_000;
const betweenTriesMs = 20;

const recordSchema = z.object({
  v: z.literal(1),
  labels: z.record(z.string(), z.string()),
  createdAt: z.string(),
  /** The lease that it was created with, in milliseconds. */
  ttlMs: z.number(),
  templateDigest: z.string(),
  template: z.string(),
  resources: z.record(z.string(), z.number()),
});

/** What another process needs to know about a sandbox. Contains nothing of its environment. */
export type LocalRecord = z.infer<typeof recordSchema>;

/** A sandbox of this host, by the directory that holds its files and its record. Only its owner may enter it. */
export class LocalSandbox {
  readonly id: string;
  readonly path: string;
  /** The two directories that the sandbox's user owns. */
  readonly workspace: string;
  readonly home: string;
  /** For the supervisor's socket. */
  readonly run: string;
  /** Locked while the sandbox runs or is being removed. */
  readonly lock: string;
  /** Touched by the keeper when the sandbox has stopped. */
  readonly ended: string;
  readonly log: string;
  readonly #empty: (directory: string) => Promise<void>;

  constructor(path: string, empty: (directory: string) => Promise<void>) {
    this.id = basename(path);
    this.path = path;
    this.workspace = join(path, "workspace");
    this.home = join(path, "home");
    this.run = join(path, "run");
    this.lock = join(path, "lock");
    this.ended = join(path, "ended");
    this.log = join(path, "log");
    this.#empty = empty;
  }

  writeRecord({ labels, ttlMs, template, resources = {} }: SandboxSpec): void {
    const createdAt = new Date().toISOString();
    const record = { v: 1, labels, createdAt, ttlMs, templateDigest: template.digest, template: template.reference };
    replaceFileSync(join(this.path, "sandbox.json"), JSON.stringify({ ...record, resources: { ...resources } }));
  }

  /** `undefined` when there is no such sandbox, or its removal has begun. */
  readRecord(): LocalRecord | undefined {
    const file = join(this.path, "sandbox.json");
    const text = readIfPresent(file);
    if (text === undefined) return undefined;
    try {
      return recordSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw new SandboxUnavailableError(`${file} cannot be read`, {
        hint: "Its directory holds a sandbox; remove the directory to give the sandbox up.",
        cause,
      });
    }
  }

  /**
   * Records the first process of a sandbox that starts, and its keeper: the process that outlives it, touches `ended` and
   * ends. When both have ended, the sandbox has stopped.
   */
  recordProcess(pid: number, keeperPid: number): void {
    const [first, keeper] = [hostProcess(pid), hostProcess(keeperPid)];
    if (first === undefined) return;
    replaceFileSync(join(this.path, "process.json"), JSON.stringify(first));
    replaceFileSync(join(this.path, "keeper.json"), JSON.stringify(keeper ?? null));
    rmSync(this.ended, { force: true });
  }

  /** Waits until the keeper of a sandbox that is not running has ended, which holds the lock until then. */
  async waitForKeeper(): Promise<void> {
    const until = performance.now() + keeperTimeoutMs;
    while (this.#isEnding() && performance.now() < until) await delay(betweenTriesMs);
  }

  /** Connects to the supervisor by its socket, which appears a moment after its process. */
  async openStream({ signal }: CallOptions): Promise<Duplex> {
    const until = performance.now() + connectTimeoutMs;
    for (;;) {
      const socket = await connectSocket(this.run, "supervisor.sock");
      if (socket !== undefined) return socket;
      if (this.runningPid() === undefined) throw new SandboxStoppedError(`The sandbox ${this.id} is not running`);
      if (performance.now() > until) throw new SandboxTimeoutError("The sandbox's supervisor does not answer");
      await delay(betweenTriesMs, undefined, dropUndefined({ signal }));
    }
  }

  /** The id of the sandbox's first process; `undefined` when it is not running. */
  runningPid(): number | undefined {
    return this.#alivePid("process.json");
  }

  /** The last lines of the log. */
  lastWords(): string {
    return readIfPresent(this.log)?.slice(-2000).trim() || "no output";
  }

  /** `undefined` when there is no such sandbox. A running sandbox's lease is known to its supervisor only. */
  info(): VendorInfo | undefined {
    const record = this.readRecord();
    if (record === undefined) return undefined;
    const { labels, templateDigest } = record;
    const state = this.#state(record);
    const endedAt = state === "stopped" ? statSync(this.ended, { throwIfNoEntry: false })?.mtime : undefined;
    const lease = endedAt === undefined ? {} : { leaseEndsAt: endedAt };
    return {
      id: this.id,
      state,
      labels,
      createdAt: new Date(record.createdAt),
      templateDigest,
      rootInside: false,
      ...lease,
    };
  }

  /** Kills the sandbox and removes its files. Resolves when both are gone, also if they were before. */
  async remove(): Promise<void> {
    if (!exists(this.path)) return;
    await this.#kill();
    await this.#empty(this.path).catch((error: unknown) => {
      // Another process may have removed it meanwhile.
      if (exists(this.workspace) || exists(this.home)) throw error;
    });
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }

  /** One that was never started counts as stopped once its own lease is over. */
  #state({ createdAt, ttlMs }: LocalRecord): SandboxState {
    if (this.runningPid() !== undefined || this.#isEnding()) return "running";
    if (exists(join(this.path, "process.json"))) return "stopped";
    return Date.now() - Date.parse(createdAt) > ttlMs ? "stopped" : "starting";
  }

  /** Its first process has ended, and its keeper is about to record that. */
  #isEnding(): boolean {
    return this.runningPid() === undefined && this.#alivePid("keeper.json") !== undefined;
  }

  #alivePid(file: string): number | undefined {
    const process = parseHostProcess(readIfPresent(join(this.path, file)) ?? "");
    return process !== undefined && livenessOf(process) === "alive" ? process.pid : undefined;
  }

  /** The end of the first process of a process namespace is the end of all of them. */
  async #kill(): Promise<void> {
    const until = performance.now() + killTimeoutMs;
    for (let pid = this.runningPid(); pid !== undefined; pid = this.runningPid()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile, which the next look shows.
      }
      if (performance.now() > until) throw new SandboxTimeoutError("The sandbox's processes do not end");
      await delay(5);
    }
  }
}

/** Only a missing entry counts as missing; other failures are thrown. */
function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
