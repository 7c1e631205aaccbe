import { type CallOptions, type Finding, SandboxError } from "@glovebox/core/provider";
import type { ProviderFindings } from "@glovebox/provider-kit";
import { imageFindings } from "./image/image-findings.ts";
import { kubernetesCapabilities } from "./kubernetes-capabilities.ts";
import type { KubernetesContext } from "./kubernetes-context.ts";
import type { KubernetesSettings } from "./kubernetes-settings.ts";
import { longestLifeMs } from "./pod/pod-manifest.ts";
import { lifeFinding, limitFindings } from "./preflight/limit-findings.ts";
import { reachFindings } from "./preflight/reach-findings.ts";
import { rightFindings } from "./preflight/right-findings.ts";
import { runtimeFinding } from "./preflight/runtime-finding.ts";
import { sealFinding } from "./preflight/seal-finding.ts";
import { storageFinding } from "./preflight/storage-finding.ts";

/** `ProviderDefinition.preflight`: looks at the cluster, at what this user may do in it, and at how pods are sealed. */
export async function kubernetesPreflight(context: KubernetesContext, call: CallOptions): Promise<ProviderFindings> {
  const reached = await found("cluster", () => reachFindings(context, call));
  if (reached.some(({ status }) => status === "problem")) return { findings: reached };
  const [rights, runtime, storage, seal, images] = await Promise.all([
    found("rights", () => rightFindings(context, call)),
    found("runtime", () => runtimeFinding(context, call)),
    found("storage", () => storageFinding(context, call)),
    found("seal", () => sealFinding(context, call)),
    found("registry", () => imageFindings(context.settings, call)),
  ]);
  // Without the right to create pods there is nothing to try the seal with.
  const mayNot = rights.some(({ status }) => status === "problem");
  const { settings } = context;
  const maxTtlMs = Math.min(kubernetesCapabilities.maxTtlMs ?? Number.POSITIVE_INFINITY, longestLifeMs(settings));
  return {
    findings: [
      ...reached,
      ...rights,
      ...(mayNot ? [] : seal),
      ...runtime,
      ...storage,
      ...images,
      ...limitFindings(settings),
      lifeFinding(settings),
    ],
    capabilities: { ...kubernetesCapabilities, maxTtlMs, snapshot: canSnapshot(settings) },
    ...(settings.runtimeClass !== undefined && { isolation: settings.runtimeClass }),
  };
}

/** Only volumes have snapshots. */
function canSnapshot({ storageClass, snapshotClass }: KubernetesSettings): boolean {
  return storageClass !== undefined && snapshotClass !== undefined;
}

/** What cannot be looked at is a problem of its own. */
async function found(name: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    const { message, hint = "Look at the kubeconfig and at the cluster: `kubectl get pods`." } = error;
    return [{ name, status: "problem", message, hint }];
  }
}
