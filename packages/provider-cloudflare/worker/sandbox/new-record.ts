import { allowedInstanceType, allowedLease } from "../settings/check-limits.ts";
import type { WorkerSettings } from "../settings/worker-settings.ts";
import type { SandboxRecord } from "./sandbox-record.ts";
import type { SandboxSpec } from "./sandbox-spec.ts";

export interface CreateOptions {
  readonly id: string;
  readonly spec: SandboxSpec;
  /** Whether the Worker forwards its model requests. */
  readonly modelEgress?: boolean;
}

/** Returns the record of a new sandbox. Throws if the settings do not allow it. */
export function newRecord({ id, spec, modelEgress = false }: CreateOptions, settings: WorkerSettings): SandboxRecord {
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
    endpointToken: crypto.randomUUID() + crypto.randomUUID(),
    modelEgress,
  };
}
