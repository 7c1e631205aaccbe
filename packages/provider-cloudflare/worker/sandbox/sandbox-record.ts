import type { InstanceType } from "../settings/worker-settings.ts";
import type { SandboxSpec } from "./sandbox-spec.ts";

/** The stored state of a sandbox. Times are milliseconds since the epoch. */
export interface SandboxRecord {
  readonly id: string;
  readonly state: "starting" | "running" | "stopped";
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly leaseEndsAt: number;
  /** The image of the request. */
  readonly image: string;
  readonly instanceType: InstanceType;
  readonly rootInside: boolean;
  readonly supervisor: SandboxSpec["supervisor"];
  /** The token of the supervisor's endpoint. */
  readonly endpointToken: string;
  /** Whether the Worker forwards its model requests. */
  readonly modelEgress: boolean;
  readonly stoppedAt?: number;
  /** The snapshot to wake a stopped sandbox from. */
  readonly snapshot?: string;
  /** Why it stopped before the end of its lease, or why its files were not kept. */
  readonly stopReason?: string;
}

/** A sandbox as the protocol returns it. */
export interface SandboxInfo {
  readonly id: string;
  readonly state: SandboxRecord["state"];
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601, like the other times. */
  readonly createdAt: string;
  readonly leaseEndsAt: string;
  readonly image: string;
  readonly instanceType: InstanceType;
  readonly rootInside: boolean;
  readonly stoppedAt?: string;
  /** Whether `wake` can restart a stopped sandbox with its files. */
  readonly recoverable?: boolean;
  readonly stopReason?: string;
}

export function sandboxInfo(record: SandboxRecord): SandboxInfo {
  const { id, state, labels, image, instanceType, rootInside, stoppedAt, stopReason } = record;
  return {
    id,
    state,
    labels,
    createdAt: new Date(record.createdAt).toISOString(),
    leaseEndsAt: new Date(record.leaseEndsAt).toISOString(),
    image,
    instanceType,
    rootInside,
    ...(stoppedAt !== undefined && { stoppedAt: new Date(stoppedAt).toISOString() }),
    ...(state === "stopped" && { recoverable: record.snapshot !== undefined }),
    ...(stopReason !== undefined && { stopReason }),
  };
}
