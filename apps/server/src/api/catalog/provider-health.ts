import { BoundedProvider } from "@glovebox/core";
import type { Finding, SandboxProvider } from "@glovebox/core/provider";
import type { z } from "@hono/zod-openapi";
import type { Plugins } from "../../plugins.ts";
import type { providerSchema } from "../schemas/provider.ts";

type Health = z.infer<typeof providerSchema>;

/** A check asks the vendor: requests within this time share one. */
const freshMs = 10_000;
const timeoutMs = 20_000;

/** Whether the providers of a server can start runs, as they say themselves. */
export class ProviderHealth {
  readonly #plugins: Plugins;
  readonly #checks = new Map<string, { readonly at: number; readonly health: Promise<Health> }>();

  constructor(plugins: Plugins) {
    this.#plugins = plugins;
  }

  /** The health of all providers. Never rejects: a provider that does not answer is not ready. */
  async all(): Promise<Health[]> {
    return await Promise.all([...this.#plugins.providers].map(([name, provider]) => this.#of(name, provider)));
  }

  #of(name: string, provider: SandboxProvider): Promise<Health> {
    const last = this.#checks.get(name);
    const at = performance.now();
    if (last !== undefined && at - last.at < freshMs) return last.health;
    const health = this.#check(name, provider);
    this.#checks.set(name, { at, health });
    return health;
  }

  async #check(name: string, provider: SandboxProvider): Promise<Health> {
    const { ready, findings, capabilities } = await diagnose(provider);
    return {
      ...{ name, isDefault: name === this.#plugins.defaultProvider, ready },
      findings: findings.map(({ name: about, status, message }) => ({ name: about, status, message })),
      capabilities: { ...capabilities },
      checkedAt: new Date().toISOString(),
    };
  }
}

async function diagnose(provider: SandboxProvider) {
  try {
    return await BoundedProvider.of(provider).preflight({ signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const finding: Finding = { name: "preflight", status: "problem", message: (error as Error).message };
    return { ready: false, findings: [finding], capabilities: provider.capabilities };
  }
}
