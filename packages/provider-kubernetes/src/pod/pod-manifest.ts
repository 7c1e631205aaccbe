import { dropUndefined, ownerLabel, runLabel } from "@glovebox/core/provider";
import type { V1ObjectMeta, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { readReference } from "../template/template-reference.ts";
import { initContainers, sandboxContainer } from "./pod-containers.ts";
import { labelValue, manager, podAnnotations, podLabels } from "./pod-names.ts";
import type { PodOptions } from "./pod-options.ts";
import type { PodRecord } from "./pod-record.ts";
import { limitsOf } from "./pod-resources.ts";
import { podSecurity } from "./pod-security.ts";
import type { PodTemplate } from "./pod-template.ts";
import { podVolumes } from "./pod-volumes.ts";

const hostname = "glovebox";
const defaultLifeHours = 24;

/** The longest life of a pod, in milliseconds. */
export function longestLifeMs({
  maxLifeHours = defaultLifeHours,
}: {
  readonly maxLifeHours?: number | undefined;
}): number {
  return maxLifeHours * 60 * 60 * 1000;
}

/** The pod of a sandbox. Whoever may read it learns the supervisor's token; nothing of the sandbox's environment is in it. */
export function podManifest(options: PodOptions): V1Pod {
  const { namespace, name, record, podTemplate } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, ...ownMetadata(record, podTemplate) },
    spec: podSpec(options),
  };
}

/** Labels and annotations of what belongs to a sandbox. */
export function ownMetadata(record: PodRecord, { metadata = {} }: PodTemplate): V1ObjectMeta {
  const { [ownerLabel]: owner = "", [runLabel]: run = "" } = record.labels;
  return {
    labels: {
      ...metadata.labels,
      [podLabels.managedBy]: manager,
      [podLabels.key]: record.key.slice(0, 32),
      [podLabels.owner]: labelValue(owner),
      [podLabels.run]: labelValue(run),
    },
    annotations: { ...metadata.annotations, [podAnnotations.record]: JSON.stringify(record) },
  };
}

function podSpec(options: PodOptions): V1PodSpec {
  const { name, record, settings, podTemplate } = options;
  const { storageClass, runtimeClass, imagePullSecrets, architecture } = settings;
  const { spec: added = {} } = podTemplate;
  const { tools } = readReference(record.reference);
  const limits = limitsOf(dropUndefined(record.resources));
  const hasClaim = storageClass !== undefined;
  const volumes = { limits, claimName: hasClaim ? name : undefined, hasTools: tools !== undefined };
  return {
    // First, so that nothing in it replaces what follows. Only the API server knows the shape of its parts.
    ...(added as unknown as Partial<V1PodSpec>),
    nodeSelector: {
      "kubernetes.io/os": "linux",
      ...(architecture !== undefined && { "kubernetes.io/arch": architecture }),
      ...added.nodeSelector,
      ...settings.nodeSelector,
    },
    ...(runtimeClass !== undefined && { runtimeClassName: runtimeClass }),
    ...(imagePullSecrets !== undefined && { imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })) }),
    initContainers: initContainers(options, limits),
    containers: [sandboxContainer(options, limits)],
    volumes: podVolumes(volumes),
    securityContext: podSecurity(hasClaim),
    // At the end of its lease the supervisor exits; the next one waits to be woken, with the same files.
    restartPolicy: "Always",
    activeDeadlineSeconds: Math.ceil(longestLifeMs(settings) / 1000),
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    shareProcessNamespace: false,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    hostname,
    // Its own name would be unknown without a network, and programs such as sudo look it up.
    hostAliases: [{ ip: "127.0.0.1", hostnames: [hostname, "localhost.localdomain", "ip6-localhost", "ip6-loopback"] }],
    // Nobody answers there.
    dnsPolicy: "None",
    dnsConfig: { nameservers: ["127.0.0.1"] },
  };
}
