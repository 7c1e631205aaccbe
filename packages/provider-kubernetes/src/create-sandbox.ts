import type { CallOptions } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import type { CreatedSandbox, PlannedSpec } from "@glovebox/provider-kit";
import type { KubernetesContext } from "./kubernetes-context.ts";
import { PodSandbox } from "./pod-sandbox.ts";
import { requestPod } from "./sandbox/request-pod.ts";
import { sandboxInfo } from "./sandbox/sandbox-info.ts";

/** `ProviderDefinition.create`: makes the pod of a sandbox, which the kit starts. */
export async function createSandbox(
  context: KubernetesContext,
  { spec }: PlannedSpec<void>,
  call: CallOptions,
): Promise<CreatedSandbox> {
  const { pod, isEarlier, fillPool } = await requestPod(context, spec, call);
  const existing = isEarlier ? sandboxInfo(pod) : undefined;
  return dropUndefined({ sandbox: PodSandbox.of(context, pod, fillPool), existing });
}
