import type { BoxSpec } from "./box-spec.ts";
import type { InstanceType } from "./worker-settings.ts";

/** What a sandbox's object keeps about it. Times are milliseconds since the epoch. */
export interface BoxRecord {
  readonly id: string;
  readonly state: "starting" | "running" | "stopped";
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly leaseEndsAt: number;
  /** As it was asked for. */
  readonly image: string;
  readonly instanceType: InstanceType;
  readonly rootInside: boolean;
  readonly supervisor: BoxSpec["supervisor"];
  /** What the supervisor's door asks for. */
  readonly doorToken: string;
  /** Whether model requests may leave it through the Worker. */
  readonly modelEgress: boolean;
  /** When it stopped. */
  readonly stoppedAt?: number;
  /** What a sandbox that has stopped can be started from again. */
  readonly snapshot?: string;
  /** Why it stopped without its lease having ended, or why nothing of it was kept. */
  readonly stopReason?: string;
}

/** A sandbox as the protocol tells it. */
export interface BoxInfo {
  readonly id: string;
  readonly state: BoxRecord["state"];
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601, as the other times. */
  readonly createdAt: string;
  readonly leaseEndsAt: string;
  readonly image: string;
  readonly instanceType: InstanceType;
  readonly rootInside: boolean;
  readonly stoppedAt?: string;
  /** Of one that has stopped: whether `wake` can bring it back with its files. */
  readonly recoverable?: boolean;
  readonly stopReason?: string;
}

export function boxInfo(record: BoxRecord): BoxInfo {
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
