import { CapabilityUnsupportedError, type SandboxProvider } from "@glovebox/core/provider";

const operations = {
  pty: "open a terminal in a sandbox",
  endpoint: "reach the ports of a sandbox",
  pause: "pause a sandbox",
  wake: "start a sandbox again that has stopped",
  snapshot: "take a snapshot of a sandbox",
} as const;

/** Throws where the provider has none of these capabilities here and at present. */
export async function requireCapability(
  provider: SandboxProvider,
  name: keyof typeof operations,
  ...others: (keyof typeof operations)[]
): Promise<void> {
  const names = [name, ...others].filter((one) => provider.capabilities[one]);
  const { capabilities } = names.length === 0 ? provider : await provider.preflight();
  if (names.some((one) => capabilities[one])) return;
  throw new CapabilityUnsupportedError(`The provider ${provider.id} cannot ${operations[name]} here`);
}
