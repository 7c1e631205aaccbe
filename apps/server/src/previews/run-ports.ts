import type { Duplex } from "node:stream";
import type { Sandbox, SandboxEndpoint } from "@glovebox/core/provider";
import type { Store } from "@glovebox/store";
import type { PreviewTarget } from "../access/previews/preview-origin.ts";
import { connectToRun } from "../api/inside/run-sandbox.ts";
import type { Plugins } from "../plugins.ts";

interface OpenPort {
  readonly sandbox: Sandbox;
  readonly endpoint: SandboxEndpoint;
}

/** A port that nobody has used for this long is closed. */
const idleMs = 60_000;

/** Connections to the ports of runs. A port stays open as long as it is used. */
export class RunPorts {
  readonly #store: Store;
  readonly #plugins: Plugins;
  readonly #open = new Map<string, { readonly port: Promise<OpenPort>; readonly timer: NodeJS.Timeout }>();

  constructor(store: Store, plugins: Plugins) {
    this.#store = store;
    this.#plugins = plugins;
  }

  /** A new connection to a port. Rejects if the run is not running, or nothing listens there. */
  async connect(target: PreviewTarget): Promise<Duplex> {
    const { endpoint } = await this.#port(target);
    return await endpoint.connect();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((key) => this.#close(key)));
  }

  async #port(target: PreviewTarget): Promise<OpenPort> {
    const key = `${target.runId}:${target.port}`;
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.timer.refresh();
      return await known.port;
    }
    const port = this.#openPort(target);
    const timer = setTimeout(() => void this.#close(key), idleMs);
    timer.unref();
    this.#open.set(key, { port, timer });
    // The next request tries again.
    port.catch(() => void this.#close(key));
    return await port;
  }

  async #openPort({ runId, port }: PreviewTarget): Promise<OpenPort> {
    const run = await this.#store.runs.get(runId);
    if (run === undefined) throw new Error(`There is no run ${runId}`);
    const sandbox = await connectToRun(this.#plugins, run);
    try {
      return { sandbox, endpoint: await sandbox.endpoint(port) };
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }

  async #close(key: string): Promise<void> {
    const known = this.#open.get(key);
    this.#open.delete(key);
    clearTimeout(known?.timer);
    try {
      const opened = await known?.port;
      await opened?.endpoint.close();
      await opened?.sandbox.close();
    } catch {
      // It never opened, or its sandbox is gone.
    }
  }
}
