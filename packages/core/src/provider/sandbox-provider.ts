import type { PluginCommands } from "../plugin/plugin-command.ts";
import type { PluginHost } from "../plugin/plugin-host.ts";
import type { SetupOptions } from "../plugin/setup-options.ts";
import type { CallOptions } from "./call-options.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Diagnosis, Finding } from "./diagnosis.ts";
import type { ConnectOptions, CreateOptions, Sandbox, SandboxInfo, SandboxSpec } from "./sandbox.ts";
import type {
  PrepareOptions,
  RemoveTemplateOptions,
  Template,
  TemplateInfo,
  TemplateLayer,
  TemplateSpec,
} from "./template.ts";

/** Which sandboxes `list` returns. */
export interface ListFilter {
  /** Only sandboxes that carry all of these. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What `preflight` looks at. */
export interface PreflightOptions extends CallOptions {
  /** What `create` will get: checked before anything is prepared for it; without its template where that is not there yet. */
  readonly spec?: Omit<SandboxSpec, "template"> & { readonly template?: Template };
}

/**
 * A place where sandboxes run. Making a provider does no I/O. Every failure is a `SandboxError`; a non-zero exit of a
 * process is not a failure.
 */
export interface SandboxProvider {
  readonly specificationVersion: 1;
  /** A short name: `docker`. */
  readonly id: string;
  /** The most it can ever do. `preflight` says what is effective here and now. */
  readonly capabilities: Capabilities;
  /**
   * Whether a run can start, and what to do where it cannot. With a spec it rejects with what `create` would reject with
   * before it makes anything (`invalid-options`, `capability-unsupported`); without one only when aborted.
   */
  preflight(options?: PreflightOptions): Promise<Diagnosis>;
  /** Makes or finds the template. The same spec gives the same digest, and a second call costs little. */
  prepare(template: TemplateSpec, options?: PrepareOptions): Promise<Template>;
  /** Resolves to a sandbox that runs; or rejects, and nothing is left, unless the error says `mayHaveCreated`. */
  create(spec: SandboxSpec, options?: CreateOptions): Promise<Sandbox>;
  /** `not-found` only when it is certainly gone; `stopped` when it would have to be woken. */
  connect(id: string, options?: ConnectOptions): Promise<Sandbox>;
  /** Everything that matches, pages followed inside. Throws on failure: an empty list means that there is none. */
  list(filter: ListFilter, options?: CallOptions): AsyncIterable<SandboxInfo>;
  /** Resolves when the sandbox is confirmed gone, also when it was gone before. */
  destroy(id: string, options?: CallOptions): Promise<void>;
  /** What is known of a template by its `reference`; `undefined` when it does not exist. Absent: nothing can be known. */
  inspectTemplate?(reference: string, options?: CallOptions): Promise<TemplateInfo | undefined>;
  /**
   * Removes a template that `prepare` has built, by its `reference`; resolves when it does not exist. Rejects with
   * `invalid-options` for one that Glovebox has not built, and while it is in use unless forced. Absent: it cannot remove any.
   */
  removeTemplate?(reference: string, options?: RemoveTemplateOptions): Promise<void>;
  /** Removes what killed calls left besides sandboxes, once nothing can still use it. Absent: nothing can be left. */
  sweep?(options?: CallOptions): Promise<void>;
  /**
   * Removes a template that `Sandbox.snapshot` made. Resolves to true when it is gone, also when it was gone before, and to
   * false while sandboxes need it. `invalid-options` for any other template. Absent: only the provider's own means do it.
   */
  removeSnapshot?(template: Template, options?: CallOptions): Promise<boolean>;
}

/** What a provider's package exports as `provider`, so that it can be loaded by the package's name. */
export interface ProviderPlugin {
  readonly specificationVersion: 1;
  readonly kind: "provider";
  /** Parses the settings strictly; unknown keys are `invalid-options`. Does no I/O. */
  create(settings: Readonly<Record<string, unknown>>, host?: PluginHost): SandboxProvider;
  /**
   * Prepares this host for the provider: looks whether what it needs is there, and installs and starts it with consent.
   * Cheap when nothing is missing. Rejects, with a hint, when something is missing and consent is refused.
   */
  setup?(settings: Readonly<Record<string, unknown>>, options: SetupOptions): Promise<void>;
  /** Further findings for `glovebox doctor`, about what a run with these layers in its template would use. */
  diagnose?(settings: Readonly<Record<string, unknown>>, layers: readonly TemplateLayer[]): Promise<readonly Finding[]>;
  /** The commands that the package's manifest lists, each loaded when it is used. */
  readonly commands?: PluginCommands;
}
