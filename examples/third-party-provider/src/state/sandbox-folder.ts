import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { z } from "zod";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";

const recordSchema = z.object({
  v: z.literal(1),
  labels: z.record(z.string(), z.string()),
  createdAt: z.string(),
  /** The lease that it was created with, in milliseconds. */
  ttlMs: z.number(),
  templateDigest: z.string(),
  /** The template's folder. */
  template: z.string(),
  resources: z.object({ openFiles: z.number().exactOptional(), tmpMiB: z.number().exactOptional() }),
});

/** What another process needs to know of a sandbox. Holds nothing of its environment. */
export type SandboxRecord = z.infer<typeof recordSchema>;

const processSchema = z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() });

/** What is kept of one sandbox, in a folder of its own that only its owner may enter. */
export class SandboxFolder {
  readonly path: string;
  /** The agent's two folders. */
  readonly workspace: string;
  readonly home: string;
  /** Root's inside, for the supervisor's socket. */
  readonly run: string;
  /** Held for as long as the sandbox runs, or is being removed. */
  readonly lock: string;
  /** Touched when the sandbox has stopped. */
  readonly ended: string;
  /** What bwrap and the supervisor said last. */
  readonly log: string;

  constructor(path: string) {
    this.path = path;
    this.workspace = join(path, "workspace");
    this.home = join(path, "home");
    this.run = join(path, "run");
    this.lock = join(path, "lock");
    this.ended = join(path, "ended");
    this.log = join(path, "log");
  }

  writeRecord(record: SandboxRecord): void {
    writeWhole(join(this.path, "sandbox.json"), record);
  }

  /** Undefined when there is no such sandbox, or it is half removed. */
  readRecord(): SandboxRecord | undefined {
    return readJson(join(this.path, "sandbox.json"), recordSchema);
  }

  writeProcess(process: ProcessIdentity): void {
    writeWhole(join(this.path, "process.json"), process);
  }

  wasStarted(): boolean {
    return existsSync(join(this.path, "process.json"));
  }

  /** The first process of the sandbox; undefined when it does not run. */
  runningProcess(): ProcessIdentity | undefined {
    const last = readJson(join(this.path, "process.json"), processSchema);
    if (last === undefined || !isAlive(last)) return undefined;
    return last;
  }

  /** When it stopped; undefined when it runs, or the host went down under it. */
  endedAt(): Date | undefined {
    return statSync(this.ended, { throwIfNoEntry: false })?.mtime;
  }

  lastWords(): string {
    try {
      return readFileSync(this.log, "utf8").slice(-2000).trim();
    } catch {
      return "";
    }
  }
}

function writeWhole(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): SandboxUnavailableError {
  return new SandboxUnavailableError(`${file} cannot be read`, {
    providerId: "bubblewrap",
    hint: "What is below its folder is a sandbox's; remove the folder to give it up.",
    cause,
  });
}
