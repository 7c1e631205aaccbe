import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { checkWritePlace } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatBytes, formatDuration, safeLine, safeName } from "@glovebox/core/text";
import { percent, usageCells } from "../inside/print-usage.ts";
import { formatCost } from "../print/format-cost.ts";
import { shortCount } from "../screen/run-status.ts";
import type { RunSample } from "./run-sample.ts";

const longestName = 40;

/**
 * A file that time-stamped lines are appended to. It is made for its user alone, and only a regular file is written: nothing is
 * followed that leads elsewhere.
 */
export class MonitorLog {
  readonly #fd: number;

  constructor(path: string) {
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
    const place = checkWritePlace(path);
    try {
      this.#fd = openSync(place, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    } catch (cause) {
      throw new InvalidOptionsError(`--log: ${path} cannot be opened: ${(cause as Error).message}`, { cause });
    }
    if (fstatSync(this.#fd).isFile()) return;
    closeSync(this.#fd);
    throw new InvalidOptionsError(`--log: ${path} is not a regular file`);
  }

  /** Throws `invalid-options` when the file takes no more. */
  write(sample: RunSample): void {
    const text = logLines(sample)
      .map((line) => `${line}\n`)
      .join("");
    try {
      writeSync(this.#fd, text);
    } catch (cause) {
      throw new InvalidOptionsError(`--log: the file takes no more: ${(cause as Error).message}`, { cause });
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

/** The lines of one sample: memory, load, disk and processes, as the monitor of claude-code-templates writes them. */
export function logLines(sample: RunSample): string[] {
  const { usage, problem, outcome } = sample;
  const line = (text: string, level = "INFO") => `[${clock(sample.time)}] ${level}: ${safeLine(text, 300)}`;
  if (outcome !== undefined) {
    const level = outcome === "succeeded" ? "INFO" : "ERROR";
    return [line(`Run ${sample.name} ended: ${outcome} after ${formatDuration(sample.elapsedMs)}`, level)];
  }
  const lines = [
    line(`Run ${sample.name}: ${sample.phase}${sample.activity === undefined ? "" : `, ${sample.activity}`}`),
  ];
  if (sample.stalledSince !== undefined) lines.push(line(`No progress since ${clock(sample.stalledSince)}`, "WARNING"));
  if (problem !== undefined) lines.push(line(`No measurement: ${problem}`, "ERROR"));
  if (usage !== undefined) {
    const [cpu, memory, disk, processes] = usageCells(usage);
    const uptime = Math.max(0, Date.parse(sample.time) - usage.createdAt.getTime());
    lines.push(
      line(`Memory usage: ${memory}`),
      line(`System load: up ${formatDuration(uptime)}${cpu === "" ? "" : `, CPU ${cpu}`}, ${processes} processes`),
      ...(disk === "" ? [] : [line(`Disk usage: ${disk}`)]),
      ...(usage.top.length === 0 ? [] : [line("Top processes:")]),
      ...usage.top.map(({ pid, name, cpus = 0, memoryBytes }) =>
        line(`  ${pid} ${safeName(name, longestName)} ${percent(cpus)} ${formatBytes(memoryBytes)}`),
      ),
    );
  }
  const { allowed, denied, failed } = sample.network;
  lines.push(
    line(`Network: ${allowed} allowed, ${denied} denied, ${failed} failed`),
    line(`Model: ${shortCount(sample.tokens)} tokens, ${formatCost(sample.costUsd)}`),
  );
  return lines;
}

/** The local time of day. */
function clock(time: string): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
