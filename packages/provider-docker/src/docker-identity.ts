import type { ProviderIdentity } from "@glovebox/provider-kit";

/** How the provider is called in errors. */
export const dockerIdentity: ProviderIdentity = { id: "docker", name: "Docker" };
