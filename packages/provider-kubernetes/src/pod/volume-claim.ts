import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { readReference } from "../template/template-reference.ts";
import { ownMetadata } from "./pod-manifest.ts";
import type { PodOptions } from "./pod-options.ts";
import { parseSandboxId } from "./sandbox-id.ts";

const defaultStorageMiB = 10 * 1024;

/** The volume of a sandbox's files, which outlives its pod. */
export function volumeClaim(
  options: Pick<PodOptions, "namespace" | "name" | "record" | "settings">,
): V1PersistentVolumeClaim {
  const { namespace, name, record, settings } = options;
  const snapshot = parseSandboxId(readReference(record.reference).snapshot ?? "");
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, ...ownMetadata(record, {}) },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(settings.storageClass !== undefined && { storageClassName: settings.storageClass }),
      ...(snapshot !== undefined && {
        dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: snapshot.name },
      }),
      resources: { requests: { storage: `${settings.storageMiB ?? defaultStorageMiB}Mi` } },
    },
  };
}
