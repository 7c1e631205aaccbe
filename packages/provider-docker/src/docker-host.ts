import type Docker from "dockerode";
import { type EngineFacts, readEngineFacts } from "./container/engine-facts.ts";
import { withDeadline } from "./container/with-deadline.ts";
import { createEngine, type EngineEndpoint, resolveEngineEndpoint } from "./engine/engine-endpoint.ts";

const infoTimeoutMs = 20_000;

/** The engine that a provider works with: found and asked about itself when it is first needed, and then remembered. */
export class DockerHost {
  readonly #host: string | undefined;
  #endpoint: Promise<EngineEndpoint> | undefined;
  #engine: Promise<Docker> | undefined;
  #facts: Promise<EngineFacts> | undefined;
  #isAskingForFacts = false;

  constructor(host: string | undefined) {
    this.#host = host;
  }

  endpoint(): Promise<EngineEndpoint> {
    this.#endpoint ??= resolveEngineEndpoint(this.#host === undefined ? {} : { host: this.#host });
    this.#endpoint.catch(() => {
      this.#endpoint = undefined;
    });
    return this.#endpoint;
  }

  engine(): Promise<Docker> {
    this.#engine ??= this.endpoint().then(createEngine);
    this.#engine.catch(() => {
      this.#engine = undefined;
    });
    return this.#engine;
  }

  /** `fresh` asks again, although the answer is known. Those who ask at the same time share an answer: to the engine it is dear. */
  facts(options: { readonly signal?: AbortSignal | undefined; readonly fresh?: boolean } = {}): Promise<EngineFacts> {
    const operation = { operation: "asking the engine about itself", timeoutMs: infoTimeoutMs };
    if (this.#facts === undefined || (options.fresh && !this.#isAskingForFacts)) {
      this.#isAskingForFacts = true;
      const request = this.engine().then((engine) => withDeadline(operation, () => readEngineFacts(engine)));
      this.#facts = request;
      request
        .catch(() => {
          this.#facts = undefined;
        })
        .finally(() => {
          this.#isAskingForFacts = false;
        });
    }
    const { signal } = options;
    const facts = this.#facts;
    return signal ? withDeadline({ ...operation, signal }, () => facts) : facts;
  }

  /** Whether the engine sees this host's files, as it does behind a socket of this host. */
  async isLocal(): Promise<boolean> {
    return (await this.#socketPath()) !== undefined;
  }

  /** What is the engine's own on this host, as far as it is known: its data root and its socket. */
  async ownPaths(): Promise<readonly string[]> {
    const socketPath = await this.#socketPath();
    const { dataRoot } = await this.facts();
    return [dataRoot, socketPath].filter((path) => path !== undefined);
  }

  async #socketPath(): Promise<string | undefined> {
    const { socketPath } = (await this.endpoint()).dockerOptions;
    return typeof socketPath === "string" ? socketPath : undefined;
  }
}
