import type { Finding } from "@glovebox/core/provider";
import type { KubernetesSettings } from "../kubernetes-settings.ts";
import { longestLifeMs } from "../pod/pod-manifest.ts";

/** Which limits the cluster enforces in a sandbox. */
export function limitFindings({ ephemeralStorageMiB }: KubernetesSettings): readonly Finding[] {
  const disk =
    ephemeralStorageMiB === undefined
      ? "disk space is the node's"
      : `a pod that fills more than ${ephemeralStorageMiB} MiB of disk is evicted`;
  const message = `memory, processor time, open files, /tmp and /dev/shm are limited; ${disk}; the number of processes is the node's to limit (podPidsLimit)`;
  return [{ name: "limits", status: "ok", message }];
}

export function lifeFinding(settings: KubernetesSettings): Finding {
  const hours = longestLifeMs(settings) / 3_600_000;
  return {
    name: "life",
    status: "ok",
    message: `the cluster ends a pod ${hours} hours after its start, whatever its lease`,
  };
}
