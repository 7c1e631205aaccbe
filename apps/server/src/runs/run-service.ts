import { dirname, join } from "node:path";
import {
  createRunStore,
  defaultIgnores,
  environmentCredential,
  newRunId,
  parseHostRule,
  type Run,
  type RunSpec,
  type RunStore,
  type RunSummary,
  run,
} from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, type SandboxProvider, SandboxRateLimitedError } from "@glovebox/core/provider";
import type { Logger } from "pino";
import type { RunRequest } from "./run-request.ts";

export interface RunServiceOptions {
  readonly provider: SandboxProvider;
  readonly harness: Harness;
  readonly home: string;
  /** The parent of the runs' output directories. */
  readonly outputDirectory: string;
  readonly maxRuns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** Starts runs and tracks the running ones. Their journals outlast the server. */
export class RunService {
  readonly store: RunStore;
  readonly #options: RunServiceOptions;
  readonly #running = new Map<string, Run>();
  #isClosing = false;

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.store = createRunStore(options.home);
  }

  /** Resolves once the run has started. */
  async start(request: RunRequest): Promise<RunSummary> {
    const { harness, maxRuns, env, logger } = this.#options;
    if (this.#isClosing) throw new InvalidOptionsError("The server is shutting down");
    if (this.#running.size >= maxRuns) {
      throw new SandboxRateLimitedError(`Limit of ${maxRuns} concurrent runs reached`, {
        hint: "Wait for one to end.",
      });
    }
    const runId = newRunId();
    const started = run(this.#spec(request, runId, environmentCredential(harness, env)), { runId });
    this.#running.set(started.id, started);
    logger.info({ runId: started.id }, "Run started");
    started.result.then(
      ({ outcome, durationMs }) => this.#ended(started.id, { outcome, durationMs }),
      (error: Error) => this.#ended(started.id, { reason: error.message }),
    );
    return await this.store.get(started.id);
  }

  /** Finds a run by its full id: users may shorten ids, programs must not. */
  async get(runId: string): Promise<RunSummary> {
    const found = await this.store.get(runId);
    if (found.runId === runId) return found;
    throw new InvalidOptionsError(`${runId} is not the full id of a run`);
  }

  /** Whether the files of a run are in this server's own directory. */
  owns(outputDirectory: string): boolean {
    return dirname(outputDirectory) === this.#options.outputDirectory;
  }

  /** Cancels every run and waits until all are cleaned up. Aborting the signal destroys them at once. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isClosing = true;
    const runs = [...this.#running.values()];
    const abort = (): void => {
      for (const one of runs) one.abort();
    };
    for (const one of runs) one.cancel();
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    await Promise.allSettled(runs.map(({ result }) => result));
    signal.removeEventListener("abort", abort);
  }

  #ended(runId: string, how: Readonly<Record<string, unknown>>): void {
    this.#running.delete(runId);
    this.#options.logger.info({ runId, ...how }, "Run ended");
  }

  #spec(request: RunRequest, runId: string, credential: RunSpec["credential"]): RunSpec {
    const { provider, harness, home, outputDirectory } = this.#options;
    const { prompt, model, maxTurns, allowedTools, appendSystemPrompt, jsonSchema, image, network, ...rest } = request;
    const allow = network?.allow?.map((host) => parseHostRule(host, "network.allow"));
    return {
      ...defined(rest),
      provider,
      harness,
      home,
      credential,
      task: { prompt, ...defined({ model, maxTurns, allowedTools, appendSystemPrompt, jsonSchema }) },
      outputDirectory: join(outputDirectory, runId),
      ignore: defaultIgnores,
      resources: defined(request.resources ?? {}),
      network: { mode: network?.mode ?? "sealed", ...(allow !== undefined && { allow }) },
      ...(image !== undefined && { base: { kind: "image", reference: image } }),
    };
  }
}

/** Without what is undefined: an absent option and one that is undefined are different things to the types. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
