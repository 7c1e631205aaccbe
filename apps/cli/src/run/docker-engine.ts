import type { SandboxProvider } from "@glovebox/core/provider";
import type { LoadedProvider } from "../config/plugins.ts";

/** Sees to it that the provider has its engine, where this program knows how to install one. Cheap when it is there. */
export async function ensureProviderEngine(
  provider: SandboxProvider,
  options: {
    readonly host?: string | undefined;
    readonly consent: (question: string) => Promise<boolean>;
    readonly onProgress: (message: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  if (provider.id !== "docker") return;
  const { ensureEngine, resolveEngineEndpoint } = await import("@glovebox/provider-docker");
  const { host, consent, onProgress, signal } = options;
  await ensureEngine({
    endpoint: await resolveEngineEndpoint(host === undefined ? {} : { host }),
    consent: () => consent("No Docker engine answers. Install and start one on this machine?"),
    onProgress,
    signal,
  });
}

/** Rejects where the provider's engine does not answer, with what to do about it. Starts nothing. */
export async function requireEngine({ provider, engineHost }: LoadedProvider): Promise<void> {
  await ensureProviderEngine(provider, {
    host: engineHost,
    consent: async () => false,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
}
