import type { ProviderPlugin, SandboxProvider } from "@glovebox/core/provider";
import { defineProvider } from "@glovebox/provider-kit";
import { supervisorPaths } from "@glovebox/supervisor";
import { mapClusterError } from "./cluster/cluster-errors.ts";
import { clusterIdentity } from "./cluster/cluster-identity.ts";
import { createSandbox } from "./create-sandbox.ts";
import { prepareTemplate } from "./image/prepare-template.ts";
import { kubernetesCapabilities } from "./kubernetes-capabilities.ts";
import { KubernetesContext } from "./kubernetes-context.ts";
import { kubernetesPreflight } from "./kubernetes-preflight.ts";
import { type KubernetesProviderSettings, kubernetesSettings } from "./kubernetes-settings.ts";
import { planSandbox } from "./plan-sandbox.ts";
import { limitBounds } from "./pod/pod-resources.ts";
import { findSandbox } from "./sandbox/find-sandbox.ts";
import { listSandboxes } from "./sandbox/list-sandboxes.ts";
import { removeSnapshot } from "./snapshot/remove-snapshot.ts";

const kubernetes = defineProvider({
  ...clusterIdentity,
  capabilities: kubernetesCapabilities,
  settings: kubernetesSettings,
  bounds: limitBounds,
  workspaceCheck: { node: supervisorPaths.node },
  caBundle: supervisorPaths.unprivilegedCertificates,
  open: (settings) => new KubernetesContext(settings),
  preflight: kubernetesPreflight,
  plan: planSandbox,
  prepare: ({ settings }, template, options) => prepareTemplate({ settings }, template, options),
  create: createSandbox,
  find: findSandbox,
  list: (context, { labels }, call) => listSandboxes(context, labels, call),
  removeSnapshot,
  mapError: mapClusterError,
});

/** Runs sandboxes as pods of a Kubernetes cluster. Throws `invalid-options` for invalid settings; does no I/O. */
export const createKubernetesProvider: (settings?: KubernetesProviderSettings) => SandboxProvider = kubernetes.create;

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = {
  ...kubernetes.plugin,
  commands: { kubernetes: async () => (await import("./commands/kubernetes-command.ts")).kubernetesCommand },
};
