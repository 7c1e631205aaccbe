import { dropUndefined, type SandboxState } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { hasEnded, isNodeSilent, sandboxStatus, wakesOf } from "../pod/pod-facts.ts";
import { podAnnotations } from "../pod/pod-names.ts";
import { type PodRecord, readRecord } from "../pod/pod-record.ts";
import { formatSandboxId } from "../pod/sandbox-id.ts";

/** How far the clocks of hosts and nodes may differ. */
const clockSkewMs = 5000;

/** What the API server alone knows of a sandbox; `undefined` for a pod that is not one. A running one's lease is its supervisor's. */
export function sandboxInfo(pod: V1Pod, now = Date.now()): VendorInfo | undefined {
  const { metadata } = pod;
  const record = readRecord(metadata?.annotations);
  if (record === undefined) return undefined;
  const createdAt = createdAtOf(record, metadata?.creationTimestamp);
  const state = stateOf(pod, { record, createdAt, now });
  const leaseEndsAt = state === "stopped" ? (endedAt(pod) ?? firstLeaseEnd(record, createdAt)) : undefined;
  return infoOf(metadata, record, { state, createdAt, leaseEndsAt });
}

/**
 * A sandbox by its volume, whose pod is gone or cannot be asked, such as with its node. A node that is only cut off runs it until the
 * lease ends: before that nobody can tell whether it has stopped.
 */
export function volumeInfo({ metadata }: V1PersistentVolumeClaim, now = Date.now()): VendorInfo | undefined {
  const record = readRecord(metadata?.annotations);
  if (record === undefined) return undefined;
  const createdAt = createdAtOf(record, metadata?.creationTimestamp);
  const recorded = metadata?.annotations?.[podAnnotations.leaseEnds];
  const leaseEndsAt = recorded === undefined ? firstLeaseEnd(record, createdAt) : new Date(recorded);
  const state = now > leaseEndsAt.getTime() + clockSkewMs ? "stopped" : "unknown";
  return infoOf(metadata, record, { state, createdAt, leaseEndsAt });
}

interface Known {
  readonly state: SandboxState;
  readonly createdAt: Date;
  readonly leaseEndsAt: Date | undefined;
}

function infoOf(metadata: V1Pod["metadata"], { labels, template }: PodRecord, known: Known): VendorInfo {
  const { name = "", namespace = "" } = metadata ?? {};
  const id = formatSandboxId({ name, namespace });
  return dropUndefined({ id, labels, templateDigest: template, rootInside: false, ...known });
}

function createdAtOf({ createdAt }: PodRecord, stamp: Date | undefined): Date {
  return new Date(createdAt ?? stamp ?? 0);
}

function firstLeaseEnd({ ttlMs }: PodRecord, createdAt: Date): Date {
  return new Date(createdAt.getTime() + ttlMs);
}

interface StateOptions {
  readonly record: PodRecord;
  readonly createdAt: Date;
  readonly now: number;
}

function stateOf(pod: V1Pod, { record, createdAt, now }: StateOptions): SandboxState {
  if (pod.metadata?.deletionTimestamp !== undefined) return "unknown";
  if (hasEnded(pod)) return "stopped";
  const wakes = wakesOf(pod);
  // Nobody has set its lease: its creator was killed, or waits for the pod to start.
  if (wakes === undefined) return now > firstLeaseEnd(record, createdAt).getTime() ? "stopped" : "starting";
  const container = sandboxStatus(pod);
  const isAwake = container?.state?.running !== undefined && container.restartCount <= wakes;
  if (!isAwake) return "stopped";
  return isNodeSilent(pod) ? "unknown" : "running";
}

/** When the supervisor that was last awake ended. */
function endedAt(pod: V1Pod): Date | undefined {
  const { state, lastState } = sandboxStatus(pod) ?? {};
  const moment = state?.terminated?.finishedAt ?? lastState?.terminated?.finishedAt;
  return moment === undefined ? undefined : new Date(moment);
}
