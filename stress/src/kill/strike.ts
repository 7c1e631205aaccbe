import { setTimeout as sleep } from "node:timers/promises";
import type { RunPhase } from "@glovebox/core";
import type { Command } from "../stress-stage.ts";
import type { Random } from "./random.ts";

/** How a process is ended, and when. */
export interface Strike {
  readonly signals: readonly NodeJS.Signals[];
  /** Between one signal and the next. */
  readonly gapMs: number;
  /** After the start, or after the phase has begun. */
  readonly delayMs: number;
  readonly phase?: RunPhase;
}

const phases = ["preparing", "creating", "uploading", "running", "collecting", "destroying", "ended"] as const;

/** Mostly what no program can prevent; a moment of the whole, or one close behind the beginning of a phase. */
export function randomStrike(random: Random, longestMs: number): Strike {
  const signals = random.chance(0.6)
    ? (["SIGKILL"] as const)
    : random.pick<readonly NodeJS.Signals[]>([
        ["SIGTERM"],
        ["SIGHUP"],
        ["SIGINT", "SIGINT"],
        ["SIGTERM", "SIGKILL"],
        ["SIGINT", "SIGINT", "SIGKILL"],
      ]);
  const gapMs = 60 + random.below(400);
  const aimed = random.chance(0.6);
  const delayMs = random.below(aimed ? 250 : longestMs);
  return { signals, gapMs, delayMs, ...(aimed ? { phase: random.pick(phases) } : {}) };
}

/** Ends the process by the strike. One that has ended before is not hurt. */
export async function deliver(
  strike: Strike,
  command: Command,
  began: (phase: RunPhase) => Promise<void>,
): Promise<void> {
  const { process, done } = command;
  let ended = false;
  const end = done.then(() => {
    ended = true;
  });
  if (strike.phase !== undefined) await Promise.race([began(strike.phase), end]);
  await Promise.race([sleep(strike.delayMs), end]);
  for (const [index, signal] of strike.signals.entries()) {
    if (index > 0) await Promise.race([sleep(strike.gapMs), end]);
    if (!ended) process.kill(signal);
  }
}

export function describeStrike({ signals, delayMs, gapMs, phase }: Strike): string {
  const gap = signals.length > 1 ? `, ${gapMs} ms apart` : "";
  return `${signals.join("+")}${gap}, ${delayMs} ms after ${phase ?? "its start"}`;
}
