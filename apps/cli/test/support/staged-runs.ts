import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunEventBody } from "@glovebox/core";
import { DirectoryLock } from "@glovebox/core/state";

export interface StagedRunOptions {
  readonly home: string;
  readonly id: string;
  readonly prompt?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly startedAt?: Date;
}

/** A run as its directory shows it, held by this process: what a reader of runs sees of one, without a sandbox. */
export class StagedRun {
  readonly directory: string;
  readonly #id: string;
  readonly #startedAt: Date;
  readonly #lock: DirectoryLock;
  #seq = 0;

  constructor({ home, id, prompt = "Try", labels, timeoutMs = 1_800_000, startedAt = new Date() }: StagedRunOptions) {
    this.directory = join(home, "runs", id);
    this.#id = id;
    this.#startedAt = startedAt;
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const lock = DirectoryLock.tryAcquire(this.directory);
    if (lock === undefined) throw new Error(`${id} is held`);
    this.#lock = lock;
    const record = {
      ...{ v: 1, runId: id, startedAt: startedAt.toISOString(), providerId: "docker", harnessId: "claude-code" },
      ...{ outputDirectory: "/out", promptPreview: prompt, timeoutMs, ...(labels && { labels }) },
    };
    writeFileSync(join(this.directory, "run.json"), JSON.stringify(record));
  }

  emit(...bodies: readonly RunEventBody[]): void {
    for (const body of bodies) {
      this.#seq += 1;
      const event = { v: 1, seq: this.#seq, time: new Date().toISOString(), runId: this.#id, ...body };
      appendFileSync(join(this.directory, "events.ndjson"), `${JSON.stringify(event)}\n`);
    }
  }

  end(outcome: "succeeded" | "failed", reason = "Done."): void {
    const exitCode = outcome === "succeeded" ? 0 : 1;
    const cleanup = { state: "clean" } as const;
    const result = {
      ...{ v: 1, runId: this.#id, outcome, reason, exitCode, cleanup, providerId: "docker", harnessId: "claude-code" },
      ...{ sandboxId: "none", startedAt: this.#startedAt.toISOString(), durationMs: 61_000, costUsd: 0.25 },
    };
    this.emit({ type: "run.state", to: "ended" }, { type: "run.end", outcome, reason, exitCode, cleanup });
    writeFileSync(join(this.directory, "result.json"), JSON.stringify(result));
    this.#lock.release();
  }

  /** Ends as a process does that was killed. */
  [Symbol.dispose](): void {
    this.#lock.release();
  }
}
