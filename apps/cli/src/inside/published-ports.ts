import type { RunEvent } from "@glovebox/core";
import { CapabilityUnsupportedError, type SandboxProvider } from "@glovebox/core/provider";
import type { RunPrinter } from "../print/run-printer.ts";
import type { Terminal } from "../terminal.ts";
import { PortForward } from "./port-forward.ts";

interface PublishOptions {
  readonly ports: readonly number[];
  readonly provider: SandboxProvider;
  readonly printer: RunPrinter;
  readonly terminal: Terminal;
}

/** Throws where a provider reaches no ports and some are to be published. */
export function checkPublish(ports: readonly number[], { id, capabilities }: SandboxProvider): void {
  if (ports.length > 0 && !capabilities.endpoint) {
    throw new CapabilityUnsupportedError(`The provider ${id} cannot reach the ports of a sandbox`);
  }
}

/** Prepares the ports that a run forwards as soon as it has a sandbox. */
export function publishPorts(options: PublishOptions): PublishedPorts {
  return new PublishedPorts(options);
}

class PublishedPorts implements AsyncDisposable {
  readonly #options: PublishOptions;
  readonly #closes: (() => Promise<void>)[] = [];
  #opening: Promise<void> = Promise.resolve();

  constructor(options: PublishOptions) {
    this.#options = options;
  }

  /** Opens the ports when the sandbox is there. */
  hear(event: RunEvent): void {
    if (event.type !== "sandbox.created" || this.#options.ports.length === 0) return;
    const { printer } = this.#options;
    this.#opening = this.#open(event.sandboxId).catch((error: Error) =>
      printer.warn(`The ports could not be opened: ${error.message}`),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening;
    for (const close of this.#closes.reverse()) await close();
  }

  async #open(sandboxId: string): Promise<void> {
    const { ports, provider, printer, terminal } = this.#options;
    const sandbox = await provider.connect(sandboxId);
    this.#closes.push(() =>
      sandbox.close().catch(() => {
        // The sandbox may be gone, and its connection with it.
      }),
    );
    for (const port of ports) {
      const forward = await PortForward.listen(await sandbox.endpoint(port), port);
      this.#closes.push(() => forward[Symbol.asyncDispose]());
      printer.hush();
      terminal.stderr.line(`Port ${port}: ${forward.url}`);
    }
  }
}
