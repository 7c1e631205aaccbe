import { CapabilityUnsupportedError, dropUndefined, type Resources } from "@glovebox/core/provider";
import type { ResourceBounds } from "@glovebox/provider-kit";
import type { EngineFacts } from "./engine-facts.ts";

/** Limits of a container. What is absent is not limited. */
export interface Limits {
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly pids?: number;
  readonly diskMiB?: number;
  readonly openFiles: number;
  readonly tmpMiB: number;
  readonly shmMiB: number;
}

/** What a sandbox gets that asks for nothing. Memory is at most three quarters of the engine's. */
export const defaultLimits = {
  cpus: 4,
  memoryMiB: 4096,
  pids: 1024,
  openFiles: 16_384,
  tmpMiB: 1024,
  /** The engine's own 64 are too few for a browser. */
  shmMiB: 1024,
} as const;

/** The least with which a sandbox can work, and the most that the kernel takes. */
export const limitBounds = {
  cpus: [0.1, 1024],
  memoryMiB: [192, 16 * 1024 * 1024],
  pids: [32, 4_194_304],
  diskMiB: [64, 1024 * 1024 * 1024],
  openFiles: [128, 1_048_576],
  tmpMiB: [1, 16 * 1024 * 1024],
  shmMiB: [1, 16 * 1024 * 1024],
} as const satisfies ResourceBounds;

/** The limits to enforce. Throws `capability-unsupported` for one that this engine cannot enforce. */
export function resolveLimits(requested: Resources, facts: EngineFacts): Limits {
  if (requested.cpus !== undefined && requested.cpus > facts.cpus) {
    throw new CapabilityUnsupportedError(
      `${requested.cpus} processors were asked for, and the Docker engine has ${facts.cpus}`,
      {
        providerId: "docker",
        hint: `Ask for at most ${facts.cpus}.`,
      },
    );
  }
  if (requested.cpus !== undefined && !facts.limits.cpus) throw unsupported("processor time");
  if (requested.memoryMiB !== undefined && !facts.limits.memory) throw unsupported("memory");
  if (requested.pids !== undefined && !facts.limits.pids) throw unsupported("the number of processes");
  if (requested.diskMiB !== undefined && !facts.diskQuota) throw unsupported("disk space");
  const cpus =
    requested.cpus ?? (facts.limits.cpus && facts.cpus > defaultLimits.cpus ? defaultLimits.cpus : undefined);
  const memoryMiB = requested.memoryMiB ?? (facts.limits.memory ? defaultMemoryMiB(facts) : undefined);
  const pids = requested.pids ?? (facts.limits.pids ? defaultLimits.pids : undefined);
  const halfMiB = Math.floor((memoryMiB ?? defaultLimits.memoryMiB) / 2);
  return dropUndefined({
    cpus,
    memoryMiB,
    pids,
    diskMiB: requested.diskMiB,
    openFiles: requested.openFiles ?? defaultLimits.openFiles,
    tmpMiB: requested.tmpMiB ?? Math.min(defaultLimits.tmpMiB, halfMiB),
    shmMiB: requested.shmMiB ?? Math.min(defaultLimits.shmMiB, halfMiB),
  });
}

function defaultMemoryMiB(facts: EngineFacts): number {
  return Math.max(512, Math.min(defaultLimits.memoryMiB, Math.floor(facts.memoryMiB * 0.75)));
}

function unsupported(what: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(`This Docker engine cannot limit ${what}`, {
    providerId: "docker",
    hint: "Leave the limit out, or run `glovebox doctor` to see what the engine supports.",
  });
}
