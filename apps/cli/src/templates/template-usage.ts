import { readOwner } from "@glovebox/core";
import { ownerLabel, runLabel, type SandboxInfo, type SandboxProvider } from "@glovebox/core/provider";
import { openProvider } from "../run/open-provider.ts";
import type { Terminal } from "../terminal.ts";
import type { TemplateBuild } from "./template-record.ts";

/** Opens the providers of builds, each once. */
export class BuildProviders {
  readonly #terminal: Terminal;
  readonly #opened = new Map<string, Promise<SandboxProvider>>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** The provider of a build, ready for use. Rejects when this host is not ready for it. */
  open({ provider }: TemplateBuild): Promise<SandboxProvider> {
    const opened = this.#opened.get(provider) ?? this.#open(provider);
    this.#opened.set(provider, opened);
    return opened;
  }

  async #open(name: string): Promise<SandboxProvider> {
    const { provider, requireSetUp } = await openProvider(this.#terminal, { provider: name });
    await requireSetUp();
    return provider;
  }
}

/** The runs whose sandboxes use the template of a build: of this state directory. */
export async function usersOf(
  provider: SandboxProvider,
  { digest }: TemplateBuild,
  home: string,
): Promise<readonly string[]> {
  const users: SandboxInfo[] = [];
  for await (const info of provider.list({ labels: { [ownerLabel]: readOwner(home) } })) {
    if (info.templateDigest === digest) users.push(info);
  }
  return users.map(({ id, labels }) => labels[runLabel] ?? id);
}
