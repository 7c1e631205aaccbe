import { allowedInstanceType, allowedLease } from "./allowed.ts";
import type { BoxRecord } from "./box-record.ts";
import type { BoxSpec } from "./box-spec.ts";
import type { WorkerSettings } from "./worker-settings.ts";

export interface CreateOptions {
  readonly id: string;
  readonly spec: BoxSpec;
  /** Whether model requests may leave it through the Worker. */
  readonly modelEgress?: boolean;
}

/** The record of a sandbox that is about to be started. Throws for what the settings do not allow. */
export function newRecord({ id, spec, modelEgress = false }: CreateOptions, settings: WorkerSettings): BoxRecord {
  const createdAt = Date.now();
  return {
    id,
    state: "starting",
    labels: spec.labels,
    createdAt,
    leaseEndsAt: createdAt + allowedLease(settings, spec.ttlMs),
    image: spec.image,
    instanceType: allowedInstanceType(settings, spec.instanceType),
    rootInside: spec.rootInside,
    supervisor: spec.supervisor,
    doorToken: crypto.randomUUID() + crypto.randomUUID(),
    modelEgress,
  };
}
