import { createHash, randomBytes } from "node:crypto";
import type { V1PodTemplateSpec } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../kubernetes-settings.ts";
import { podManifest } from "../pod/pod-manifest.ts";
import { manager, podLabels } from "../pod/pod-names.ts";
import type { SealMode } from "../pod/pod-options.ts";
import type { PodRecord } from "../pod/pod-record.ts";
import type { PodTemplate } from "../pod/pod-template.ts";

/** What the pods of a pool are made of. */
export interface PoolOptions {
  readonly namespace: string;
  readonly settings: KubernetesSettings;
  readonly podTemplate: PodTemplate;
  readonly seal: SealMode;
  /** Of a sandbox that could come from the pool: its image and its limits decide which pool that is. */
  readonly record: PodRecord;
}

/** A pool, and the pods that it keeps ready. */
export interface PoolPods {
  /** Names everything that decides what a pod of the pool is: only a sandbox of the same class may come from it. */
  readonly poolClass: string;
  readonly template: V1PodTemplateSpec;
}

/**
 * The pods of a pool: as those of a sandbox, without what only one sandbox has. They share a token, which is worth something
 * only to whoever may already enter the pod.
 */
export function poolPods(options: PoolOptions): PoolPods {
  const poolClass = createHash("sha256")
    .update(JSON.stringify(podSpec(options, "")))
    .digest("hex")
    .slice(0, 32);
  const { metadata: { labels, annotations } = {} } = options.podTemplate;
  return {
    poolClass,
    template: {
      metadata: {
        labels: { ...labels, [podLabels.managedBy]: manager, [podLabels.pool]: poolClass },
        ...(annotations !== undefined && { annotations: { ...annotations } }),
      },
      spec: podSpec(options, randomBytes(32).toString("base64url")),
    },
  };
}

function podSpec(options: PoolOptions, token: string): NonNullable<V1PodTemplateSpec["spec"]> {
  const { spec } = podManifest({ ...options, name: "", token });
  if (spec === undefined) throw new TypeError("A pod without a spec");
  // A pod that waits has no longest life: it is set when a sandbox takes the pod.
  const { activeDeadlineSeconds: _, ...waiting } = spec;
  return waiting;
}
