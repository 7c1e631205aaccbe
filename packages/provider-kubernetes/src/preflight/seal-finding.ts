import { randomBytes } from "node:crypto";
import { type CallOptions, type Finding, SandboxError } from "@glovebox/core/provider";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { podManifest } from "../pod/pod-manifest.ts";
import type { SealMode } from "../pod/pod-options.ts";

/** How sandboxes lose their network here: asks the API server whether it would take such a pod, and creates none. */
export async function sealFinding(context: KubernetesContext, call: CallOptions): Promise<readonly Finding[]> {
  const namespace = await context.namespace();
  for (;;) {
    const mode = context.seal.mode(namespace);
    try {
      await dryRun(context, { namespace, mode, call });
      return [{ name: "seal", status: "ok", message: messages[mode] }];
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      if (error.code === "capability-unsupported" && context.seal.refused(namespace, mode)) continue;
      // What is used up at the moment is no fault of the set-up.
      if (error.code !== "quota") throw error;
      return [{ name: "seal", status: "notice", message: error.message, hint: error.hint ?? "Try again later." }];
    }
  }
}

const messages: Readonly<Record<SealMode, string>> = {
  init: "an init container takes the pod's network away; the sandbox tests it before it works",
  policy:
    "a NetworkPolicy shuts the pod's network, and the sandbox tests it before it works: the namespace refuses an init container with NET_ADMIN",
};

interface DryRun {
  readonly namespace: string;
  readonly mode: SealMode;
  readonly call: CallOptions;
}

async function dryRun(context: KubernetesContext, { namespace, mode: seal, call }: DryRun): Promise<void> {
  const { cluster, settings } = context;
  const name = `glovebox-preflight-${randomBytes(8).toString("hex")}`;
  const record = {
    key: name,
    labels: {},
    template: "",
    reference: "glovebox/preflight:0",
    resources: {},
    ttlMs: 1,
    attempt: name,
  };
  const podTemplate = await context.podTemplate();
  const token = randomBytes(32).toString("base64url");
  const body = podManifest({ namespace, name, settings, podTemplate, record, seal, token });
  await cluster.read("trying to create a pod", call, ({ core }) =>
    core.createNamespacedPod({ namespace, body, dryRun: "All" }),
  );
}
