import { BoundedProvider, readOwner } from "@glovebox/core";
import { ownerLabel, runLabel, type SandboxInfo, type SandboxProvider } from "@glovebox/core/provider";
import type { z } from "@hono/zod-openapi";
import type { Plugins } from "../../plugins.ts";
import type { sandboxListSchema, sandboxSchema } from "../schemas/sandbox.ts";

/** A sandbox as the API shows it. */
type SandboxView = z.infer<typeof sandboxSchema>;

/** The sandboxes of this state directory's runs, and no others. Each call to a provider has a deadline. */
export class RunSandboxes {
  readonly #plugins: Plugins;
  readonly #home: string;

  constructor(plugins: Plugins, home: string) {
    this.#plugins = plugins;
    this.#home = home;
  }

  /** The sandboxes of all providers. One that cannot be asked does not hide those of the others. */
  async list(signal: AbortSignal): Promise<z.infer<typeof sandboxListSchema>> {
    const sandboxes: SandboxView[] = [];
    const problems: { provider: string; detail: string }[] = [];
    const ask = async ([name, provider]: [string, SandboxProvider]): Promise<void> => {
      try {
        sandboxes.push(...(await this.#of(name, provider, signal)));
      } catch (error) {
        problems.push({ provider: name, detail: (error as Error).message });
      }
    };
    await Promise.all([...this.#plugins.providers].map(ask));
    return { sandboxes, problems };
  }

  /** `undefined` if no provider that can be asked has one. */
  async find(id: string, signal: AbortSignal): Promise<SandboxView | undefined> {
    return (await this.list(signal)).sandboxes.find((sandbox) => sandbox.id === id);
  }

  async destroy({ id, provider }: SandboxView, signal: AbortSignal): Promise<void> {
    await BoundedProvider.of(this.#plugins.provider(provider)).destroy(id, { signal });
  }

  async #of(name: string, provider: SandboxProvider, signal: AbortSignal): Promise<readonly SandboxView[]> {
    const sandboxes: SandboxView[] = [];
    const filter = { labels: { [ownerLabel]: readOwner(this.#home) } };
    for await (const info of BoundedProvider.of(provider).list(filter, { signal })) sandboxes.push(view(name, info));
    return sandboxes;
  }
}

function view(provider: string, info: SandboxInfo): SandboxView {
  const { id, state, labels, createdAt, leaseEndsAt, rootInside, resources } = info;
  return {
    ...{ id, provider, state, runId: labels[runLabel] ?? "", createdAt: createdAt.toISOString(), rootInside },
    ...(leaseEndsAt !== undefined && { leaseEndsAt: leaseEndsAt.toISOString() }),
    ...(resources !== undefined && { resources: { ...resources } as Record<string, number> }),
  };
}
