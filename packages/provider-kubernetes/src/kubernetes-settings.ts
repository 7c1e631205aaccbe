import { z } from "zod";
import { podTemplateSchema } from "./pod/pod-template.ts";
import { keyValues } from "./settings/key-values.ts";
import { words } from "./settings/words.ts";

/** A name that may be part of a DNS name. Source: RFC 1123. */
const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "must be lower-case letters, digits and dashes");
const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a lower-case DNS name");
const mebibytes = z.number().int().min(1);

/** The settings of the provider. */
export const kubernetesSettings = z.object({
  /** The kubeconfig file. Default: `KUBECONFIG`, else `~/.kube/config`, else the service account of the pod that this runs in. */
  kubeconfig: z.string().min(1).optional(),
  /** The context of the kubeconfig. Default: its current one. */
  context: z.string().min(1).optional(),
  /** The namespace of new sandboxes. Default: the context's, else `default`. */
  namespace: dnsLabel.optional(),
  /** Lists, and so reaps, the sandboxes of all namespaces instead of those of `namespace`. Default: false. */
  allNamespaces: z.boolean().optional(),
  /** Labels that a node must have: an object, or `key=value,key=value`. */
  nodeSelector: keyValues.optional(),
  /** The RuntimeClass of the pods, such as `gvisor` or `kata`. Default: the cluster's own runtime. */
  runtimeClass: dnsName.optional(),
  /** Secrets of type `kubernetes.io/dockerconfigjson` in the namespace, with which nodes pull images. */
  imagePullSecrets: words.optional(),
  /** What a pod reserves on its node, where that is less than its limits. Default: 0.1 processors and 256 MiB. */
  requests: z.strictObject({ cpus: z.number().positive().optional(), memoryMiB: mebibytes.optional() }).optional(),
  /**
   * How much of its node's disk a sandbox may fill, in MiB: files, /tmp and the image's writable layer. A pod that exceeds it is
   * evicted, and its files are lost unless `storageClass` is set. Default: no limit but the node's.
   */
  ephemeralStorageMiB: mebibytes.optional(),
  /**
   * Labels, annotations, tolerations, affinity and the like for every pod: an object, or the path of a JSON or YAML file. It cannot
   * change what a pod may do.
   */
  podTemplate: z.union([z.string().min(1), podTemplateSchema]).optional(),
  /**
   * How a pod loses its network: `init` removes its interface by an init container with NET_ADMIN, `policy` relies on a
   * NetworkPolicy, and `auto` uses `policy` where the namespace refuses `init`. In each case the sandbox tests it before it works.
   */
  seal: z.enum(["auto", "init", "policy"]).optional(),
  /** A registry and path to which images are pushed: `registry.example/team/glovebox`. Default: images must be on the nodes. */
  registry: z.string().min(1).optional(),
  /** The command that builds and pushes images. Default: the first that answers. */
  imageEngine: z.enum(["docker", "podman", "nerdctl"]).optional(),
  /** The processor architecture of images and nodes. Default: this host's for images, any for nodes. */
  architecture: z.enum(["amd64", "arm64"]).optional(),
  /** The StorageClass of a volume for /workspace and /home/agent, which survives the loss of a node. Default: the node's disk. */
  storageClass: dnsName.optional(),
  /** The size of that volume, in MiB. Default: 10 GiB. */
  storageMiB: mebibytes.optional(),
  /** The VolumeSnapshotClass for snapshots. Default: none are made. */
  snapshotClass: dnsName.optional(),
  /**
   * Whether sandboxes may run where the agent can read the supervisor's memory: a runtime such as gVisor may lack what keeps it
   * from that. The agent could then extend its own lease. Default: false.
   */
  allowTraceable: z.boolean().optional(),
  /** Further addresses that a sealed sandbox must not reach, beside those that every sandbox tests. */
  sealAddresses: z
    .array(
      z.strictObject({
        host: z.string().min(1),
        port: z.number().int().min(1).max(65_535),
        protocol: z.enum(["tcp", "dns"]),
      }),
    )
    .optional(),
  /** The longest life of a pod, in hours: the cluster ends it then, whatever its lease. Default: 24. */
  maxLifeHours: z.number().positive().max(480).optional(),
  /**
   * How many sandboxes of each kind (image, limits, settings) wait ready in the namespace, where a new one takes what would be
   * seconds. The cluster replaces those that were taken, and each reserves its `requests`. Not with `storageClass`. Default: 0.
   */
  poolSize: z.number().int().min(0).max(500).optional(),
  /** How long a node may take to be found for a pod, in milliseconds. Raise it where nodes are added on demand. Default: 60 seconds. */
  scheduleTimeoutMs: z.number().int().min(1000).optional(),
  /** How long a pod may take to start, pulling its image included, in milliseconds. Default: 5 minutes. */
  startTimeoutMs: z.number().int().min(1000).optional(),
  /** Timeout of one call to the API server, in milliseconds. Default: 30 seconds. */
  requestTimeoutMs: z.number().int().min(1000).optional(),
});

/** The settings of the provider. Every one may be left out. */
export type KubernetesProviderSettings = Readonly<z.input<typeof kubernetesSettings>>;

/** The settings as the provider uses them. */
export type KubernetesSettings = z.output<typeof kubernetesSettings>;
