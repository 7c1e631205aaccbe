import type { ProviderIdentity } from "@glovebox/provider-kit";

/** How errors name this provider. */
export const clusterIdentity: ProviderIdentity = { id: "kubernetes", name: "Kubernetes" };
