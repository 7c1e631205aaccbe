/**
 * Sandboxes as pods of a Kubernetes cluster.
 *
 * @module @glovebox/provider-kubernetes
 */
export { createKubernetesProvider, provider } from "./kubernetes-provider.ts";
export type { KubernetesProviderSettings } from "./kubernetes-settings.ts";
