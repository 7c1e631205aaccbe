import type { CallOptions } from "@glovebox/core/provider";
import type { FoundSandbox } from "@glovebox/provider-kit";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { claimOf } from "../pod/pod-facts.ts";
import { parseSandboxId } from "../pod/sandbox-id.ts";
import { PodSandbox } from "../pod-sandbox.ts";
import { lookUpSandbox } from "./look-up-sandbox.ts";

/** `ProviderDefinition.find`. */
export async function findSandbox(
  context: KubernetesContext,
  id: string,
  call: CallOptions,
): Promise<FoundSandbox | "foreign" | undefined> {
  const address = parseSandboxId(id);
  if (address === undefined) return undefined;
  const mayHaveClaim = context.settings.storageClass !== undefined;
  const found = await lookUpSandbox(context.cluster, address, { mayHaveClaim, ...call });
  if (found === undefined || found === "foreign") return found;
  const { pod, info } = found;
  const hasClaim = pod === undefined || claimOf(pod) !== undefined;
  return { sandbox: new PodSandbox({ context, address, pod, hasClaim }), info };
}
