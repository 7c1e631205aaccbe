import { CapabilityUnsupportedError, InvalidOptionsError, type Resources } from "@glovebox/core/provider";
import type { EngineFacts } from "./engine-facts.ts";

/** Limits of a container. What is absent is not limited. */
export interface Limits {
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly pids?: number;
  readonly diskMiB?: number;
  readonly openFiles: number;
  readonly tmpMiB: number;
}

/** What a sandbox gets that asks for nothing. Memory is at most three quarters of the engine's. */
export const defaultLimits = { cpus: 4, memoryMiB: 4096, pids: 1024, openFiles: 16_384, tmpMiB: 1024 } as const;

/** The least with which a sandbox can work, and the most that the kernel takes. */
const bounds: { readonly [name in keyof Resources]-?: readonly [least: number, most: number] } = {
  cpus: [0.1, 1024],
  memoryMiB: [192, 16 * 1024 * 1024],
  pids: [32, 4_194_304],
  diskMiB: [64, 1024 * 1024 * 1024],
  openFiles: [128, 1_048_576],
  tmpMiB: [1, 16 * 1024 * 1024],
};

/** The limits to enforce. Throws for one that makes no sense, or that this engine cannot enforce. */
export function resolveLimits(asked: Resources, facts: EngineFacts): Limits {
  for (const [name, value] of Object.entries(asked)) checkBounds(name, value);
  if (asked.cpus !== undefined && asked.cpus > facts.cpus) {
    throw new CapabilityUnsupportedError(
      `${asked.cpus} processors were asked for, and the Docker engine has ${facts.cpus}`,
      {
        providerId: "docker",
        hint: `Ask for at most ${facts.cpus}.`,
      },
    );
  }
  if (asked.cpus !== undefined && !facts.limits.cpus) throw unsupported("processor time");
  if (asked.memoryMiB !== undefined && !facts.limits.memory) throw unsupported("memory");
  if (asked.pids !== undefined && !facts.limits.pids) throw unsupported("the number of processes");
  if (asked.diskMiB !== undefined && !facts.diskQuota) throw unsupported("disk space");
  const cpus = asked.cpus ?? (facts.limits.cpus && facts.cpus > defaultLimits.cpus ? defaultLimits.cpus : undefined);
  const memoryMiB = asked.memoryMiB ?? (facts.limits.memory ? defaultMemoryMiB(facts) : undefined);
  const pids = asked.pids ?? (facts.limits.pids ? defaultLimits.pids : undefined);
  return {
    ...(cpus !== undefined && { cpus }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(pids !== undefined && { pids }),
    ...(asked.diskMiB !== undefined && { diskMiB: asked.diskMiB }),
    openFiles: asked.openFiles ?? defaultLimits.openFiles,
    tmpMiB: asked.tmpMiB ?? Math.min(defaultLimits.tmpMiB, Math.floor((memoryMiB ?? defaultLimits.memoryMiB) / 2)),
  };
}

function defaultMemoryMiB(facts: EngineFacts): number {
  return Math.max(512, Math.min(defaultLimits.memoryMiB, Math.floor(facts.memoryMiB * 0.75)));
}

function checkBounds(name: string, value: unknown): void {
  const range = bounds[name as keyof Resources];
  if (range === undefined) throw invalid(`There is no resource called ${name}`);
  if (value === undefined) return;
  const [least, most] = range;
  const whole = name === "cpus" || Number.isInteger(value);
  if (typeof value !== "number" || !whole || !(value >= least && value <= most)) {
    throw invalid(
      `The limit ${name} is ${String(value)}; it must be ${name === "cpus" ? "a number" : "a whole number"} from ${least} to ${most}`,
    );
  }
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "docker" });
}

function unsupported(what: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(`This Docker engine cannot limit ${what}`, {
    providerId: "docker",
    hint: "Leave the limit out, or run `glovebox doctor` to see what the engine supports.",
  });
}
