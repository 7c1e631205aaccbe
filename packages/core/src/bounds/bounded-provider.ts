import { SandboxError } from "../errors/index.ts";
import type { CallOptions } from "../provider/call-options.ts";
import type { Capabilities } from "../provider/capabilities.ts";
import type { Diagnosis } from "../provider/diagnosis.ts";
import type { ConnectOptions, CreateOptions, Sandbox, SandboxInfo, SandboxSpec } from "../provider/sandbox.ts";
import type { ListFilter, PreflightOptions, SandboxProvider } from "../provider/sandbox-provider.ts";
import type {
  PrepareOptions,
  RemoveTemplateOptions,
  Template,
  TemplateInfo,
  TemplateSpec,
} from "../provider/template.ts";
import { BoundedSandbox } from "./bounded-sandbox.ts";
import { boundedStream } from "./bounded-stream.ts";
import { within } from "./within.ts";

const preflightTimeoutMs = 2 * 60_000;
const createTimeoutMs = 10 * 60_000;
/** A create that was given up removes what it has made. */
const undoCreateMs = 30_000;
const connectTimeoutMs = 2 * 60_000;
const listTimeoutMs = 2 * 60_000;
const destroyTimeoutMs = 2 * 60_000;
const templateTimeoutMs = 2 * 60_000;

/**
 * A provider each of whose calls ends: by its answer, by a deadline or by its signal, whatever the provider makes of them.
 * The orchestrator speaks to providers only through this, so that one that hangs never hangs a run.
 */
export class BoundedProvider implements SandboxProvider {
  readonly specificationVersion = 1;
  readonly id: string;
  readonly capabilities: Capabilities;
  /** Absent where the provider cannot remove one. */
  readonly removeSnapshot?: (template: Template, options?: CallOptions) => Promise<boolean>;
  /** Absent where the provider's is. */
  readonly inspectTemplate?: (reference: string, options?: CallOptions) => Promise<TemplateInfo | undefined>;
  readonly removeTemplate?: (reference: string, options?: RemoveTemplateOptions) => Promise<void>;
  readonly #provider: SandboxProvider;

  private constructor(provider: SandboxProvider) {
    this.id = provider.id;
    this.capabilities = provider.capabilities;
    this.#provider = provider;
    if (provider.inspectTemplate !== undefined) {
      this.inspectTemplate = (reference, options = {}) =>
        within(this.#bound("looking at the template", options, templateTimeoutMs), async ({ signal }) =>
          provider.inspectTemplate?.(reference, { ...options, signal }),
        );
    }
    if (provider.removeTemplate !== undefined) {
      this.removeTemplate = (reference, options = {}) =>
        within(this.#bound("removing the template", options, templateTimeoutMs), async ({ signal }) =>
          provider.removeTemplate?.(reference, { ...options, signal }),
        );
    }
    if (provider.removeSnapshot === undefined) return;
    this.removeSnapshot = (template, options = {}) => this.#removeSnapshot(template, options);
  }

  static of(provider: SandboxProvider): BoundedProvider {
    return provider instanceof BoundedProvider ? provider : new BoundedProvider(provider);
  }

  /** The provider itself: one for everybody who bounds it. */
  get unbounded(): SandboxProvider {
    return this.#provider;
  }

  preflight(options: PreflightOptions = {}): Promise<Diagnosis> {
    return within(this.#bound("looking at the provider", options, preflightTimeoutMs), ({ signal }) =>
      this.#provider.preflight({ ...options, signal }),
    );
  }

  /** Has no deadline of its own: a build takes as long as it takes, and the run's time-out ends it. */
  prepare(template: TemplateSpec, options: PrepareOptions = {}): Promise<Template> {
    return within(this.#bound("preparing the template", options, undefined), ({ signal }) =>
      this.#provider.prepare(template, { ...options, signal }),
    );
  }

  async create(spec: SandboxSpec, options: CreateOptions = {}): Promise<Sandbox> {
    const bound = { ...this.#bound("creating the sandbox", options, createTimeoutMs), undoMs: undoCreateMs };
    let answered = false;
    try {
      const sandbox = await within(
        bound,
        ({ signal }) =>
          this.#provider.create(spec, { ...options, signal }).finally(() => {
            answered = true;
          }),
        (lateResult) => lateResult.destroy(),
      );
      return new BoundedSandbox(sandbox);
    } catch (error) {
      throw answered || !SandboxError.isInstance(error) ? error : mayHaveCreated(error);
    }
  }

  async connect(id: string, options: ConnectOptions = {}): Promise<Sandbox> {
    const sandbox = await within(
      this.#bound("connecting to the sandbox", options, connectTimeoutMs),
      ({ signal }) => this.#provider.connect(id, { ...options, signal }),
      (lateResult) => lateResult.close(),
    );
    return new BoundedSandbox(sandbox);
  }

  list(filter: ListFilter, options: CallOptions = {}): AsyncIterable<SandboxInfo> {
    return boundedStream(
      this.#provider.list(filter, options),
      this.#bound("listing the sandboxes", options, listTimeoutMs),
    );
  }

  destroy(id: string, options: CallOptions = {}): Promise<void> {
    return within(this.#bound("removing the sandbox", options, destroyTimeoutMs), ({ signal }) =>
      this.#provider.destroy(id, { signal }),
    );
  }

  async sweep(options: CallOptions = {}): Promise<void> {
    await within(
      this.#bound("removing what was left beside sandboxes", options, destroyTimeoutMs),
      async ({ signal }) => this.#provider.sweep?.({ signal }),
    );
  }

  #removeSnapshot(template: Template, options: CallOptions): Promise<boolean> {
    return within(
      this.#bound("removing the snapshot", options, destroyTimeoutMs),
      async ({ signal }) => (await this.#provider.removeSnapshot?.(template, { signal })) ?? false,
    );
  }

  #bound(operation: string, { signal }: CallOptions, timeoutMs: number | undefined) {
    return { operation, timeoutMs, signal, providerId: this.id };
  }
}

/** The same error, of a call that was given up before anybody knew what came of it. */
function mayHaveCreated(cause: SandboxError): SandboxError {
  const { code, message, providerId } = cause;
  return new SandboxError(code, message, {
    ...(providerId === undefined ? {} : { providerId }),
    mayHaveCreated: true,
    hint: "A sandbox may be left; `glovebox reap` removes it when its lease has ended.",
    cause,
  });
}
