import type { Harness } from "@glovebox/core/harness";
import type { SandboxProvider, TemplateBase } from "@glovebox/core/provider";
import type { Run, Store } from "@glovebox/store";
import type { Logger } from "pino";
import type { CloneRules } from "./workspace/clone-rules.ts";

/** What a worker carries runs with. */
export interface WorkerOptions {
  readonly store: Store;
  /** The state directory: the journals of its runs. Only one worker uses it. */
  readonly home: string;
  /** For the workspaces and the results of runs while they are carried, and the worker's id. */
  readonly directory: string;
  /** By the names under which runs ask for them. */
  readonly providers: ReadonlyMap<string, SandboxProvider>;
  /** By the names under which runs ask for them. */
  readonly harnesses: ReadonlyMap<string, Harness>;
  /** What sandboxes may start from, by name. Default: nothing. */
  readonly templates?: ReadonlyMap<string, TemplateBase>;
  /** Where the credentials of models are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many runs it carries at the same time. */
  readonly capacity: number;
  /** Which repositories it clones. Default: those that anyone on the internet may reach, over https. */
  readonly clone?: CloneRules;
  /** Whether runs may have a root user inside. Default: false. */
  readonly rootInside?: boolean;
  /** For how long a run is this worker's without a heartbeat. Default: 60 s. */
  readonly leaseMs?: number;
  /** Runs that ended longer ago are deleted, in milliseconds. Default: they are kept. */
  readonly keepRunsMs?: number;
  /** Called with each run that this worker has ended, once its end is stored. Never rejects. */
  readonly onEnded?: (run: Run) => Promise<void>;
  readonly logger: Logger;
}
