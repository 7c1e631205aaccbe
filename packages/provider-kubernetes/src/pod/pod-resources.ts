import type { Resources } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import type { ResourceBounds } from "@glovebox/provider-kit";
import type { V1ResourceRequirements } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../kubernetes-settings.ts";

/** What a sandbox gets that asks for nothing. */
export const defaultLimits = {
  cpus: 4,
  memoryMiB: 4096,
  openFiles: 16_384,
  /** A runtime's own 64 are too few for a browser. */
  shmMiB: 1024,
} as const;

/** What a pod reserves on its node by default: an agent waits for its model most of the time. */
const defaultRequests = { cpus: 0.1, memoryMiB: 256 } as const;

/** The least with which a sandbox can work, and the most that the kernel takes. */
export const limitBounds = {
  cpus: [0.1, 1024],
  memoryMiB: [192, 16 * 1024 * 1024],
  openFiles: [128, 1_048_576],
  tmpMiB: [1, 16 * 1024 * 1024],
  shmMiB: [1, 16 * 1024 * 1024],
} as const satisfies ResourceBounds;

/** The limits of a sandbox; what is absent is not limited. */
export interface PodLimits {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly openFiles: number;
  /** A /tmp in memory of this size; else it is on the node's disk. */
  readonly tmpMiB?: number;
  readonly shmMiB: number;
}

export function limitsOf(requested: Resources = {}): PodLimits {
  const memoryMiB = requested.memoryMiB ?? defaultLimits.memoryMiB;
  return dropUndefined({
    cpus: requested.cpus ?? defaultLimits.cpus,
    memoryMiB,
    openFiles: requested.openFiles ?? defaultLimits.openFiles,
    tmpMiB: requested.tmpMiB,
    shmMiB: requested.shmMiB ?? Math.min(defaultLimits.shmMiB, Math.floor(memoryMiB / 2)),
  });
}

/** Limits and requests of each container: those of the init containers count once, not beside the sandbox's. */
export function containerResources(
  limits: PodLimits,
  { requests = {}, ephemeralStorageMiB }: Pick<KubernetesSettings, "requests" | "ephemeralStorageMiB">,
): V1ResourceRequirements {
  const cpus = Math.min(limits.cpus, requests.cpus ?? defaultRequests.cpus);
  const memoryMiB = Math.min(limits.memoryMiB, requests.memoryMiB ?? defaultRequests.memoryMiB);
  const disk = ephemeralStorageMiB === undefined ? {} : { "ephemeral-storage": `${ephemeralStorageMiB}Mi` };
  return {
    limits: { cpu: milli(limits.cpus), memory: `${limits.memoryMiB}Mi`, ...disk },
    requests: { cpu: milli(cpus), memory: `${memoryMiB}Mi` },
  };
}

function milli(cpus: number): string {
  return `${Math.max(1, Math.round(cpus * 1000))}m`;
}
