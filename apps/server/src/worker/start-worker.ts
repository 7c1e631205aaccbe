import type { Store } from "@glovebox/store";
import type { Logger } from "pino";
import type { Plugins } from "../plugins.ts";
import type { ServerSettings } from "../server-settings.ts";
import { baseOf, readTemplates } from "../templates.ts";
import { Worker } from "./worker.ts";
import type { WorkerOptions } from "./worker-options.ts";

interface StartWorkerOptions extends Pick<WorkerOptions, "onEnded"> {
  readonly store: Store;
  readonly settings: ServerSettings;
  readonly env: WorkerOptions["env"];
  readonly plugins: Plugins;
  /** The state directory's canonical path. */
  readonly directory: string;
  readonly logger: Logger;
}

/** Starts a worker with the settings of a server. */
export async function startWorker(options: StartWorkerOptions): Promise<Worker> {
  const { settings, plugins, onEnded, ...common } = options;
  const { home, maxRuns: capacity, rootInside, leaseMs, privateHosts, sshHosts, store } = settings;
  const templates = new Map([...(await readTemplates(home))].map(([name, one]) => [name, baseOf(one)] as const));
  return await Worker.start({
    ...{ ...common, home, capacity, rootInside, leaseMs, templates },
    ...{ providers: plugins.providers, harnesses: plugins.harnesses },
    clone: { privateHosts, sshHosts },
    ...(store.keepRunsMs !== undefined && { keepRunsMs: store.keepRunsMs }),
    ...(onEnded && { onEnded }),
  });
}
