import { z } from "zod";
import { ownPrefix } from "./pod-names.ts";

/** What could take a pod's limits away, or hand it devices. Each has a field in the pod that is set already. */
const refusedAnnotations = [
  ownPrefix,
  "container.apparmor.security.beta.kubernetes.io/",
  "container.seccomp.security.alpha.kubernetes.io/",
  "seccomp.security.alpha.kubernetes.io/",
  "io.kubernetes.cri-o.",
];
const refusedLabels = [ownPrefix, "app.kubernetes.io/managed-by", "pod-security.kubernetes.io/"];

const texts = (refused: readonly string[]) =>
  z.record(z.string().min(1), z.string()).superRefine((entries, context) => {
    for (const key of Object.keys(entries)) {
      const prefix = refused.find((start) => key.startsWith(start));
      if (prefix === undefined) continue;
      context.addIssue({ code: "custom", message: `${prefix}* is Glovebox's to set`, path: [key] });
    }
  });
/** Parts of a pod that only the API server needs to understand. */
const part = z.record(z.string(), z.unknown());

/**
 * What may be added to every pod. Whatever could widen what runs in it is absent and so refused: containers, volumes, security
 * contexts, host namespaces, tokens.
 */
export const podTemplateSchema = z.strictObject({
  metadata: z
    .strictObject({ labels: texts(refusedLabels).optional(), annotations: texts(refusedAnnotations).optional() })
    .optional(),
  spec: z
    .strictObject({
      affinity: part.optional(),
      nodeSelector: z.record(z.string().min(1), z.string()).optional(),
      tolerations: z.array(part).optional(),
      topologySpreadConstraints: z.array(part).optional(),
      priorityClassName: z.string().min(1).optional(),
      preemptionPolicy: z.string().min(1).optional(),
      schedulerName: z.string().min(1).optional(),
      /** Its token is not mounted; a cluster may tie rights to pull images or policies to it. */
      serviceAccountName: z.string().min(1).optional(),
      /** `false` gives the pod a user namespace of its own. */
      hostUsers: z.literal(false).optional(),
    })
    .optional(),
});

/** What may be added to every pod. */
export type PodTemplate = z.output<typeof podTemplateSchema>;
