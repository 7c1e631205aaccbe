import type {
  CallOptions,
  Capabilities,
  EgressPolicy,
  Finding,
  ListFilter,
  RemoveTemplateOptions,
  SandboxError,
  SandboxSpec,
  Template,
  TemplateInfo,
  TemplateSpec,
} from "@glovebox/core/provider";
import type { z } from "zod";
import type { ResourceBounds } from "./checks/check-resources.ts";
import type { CheckedSpec } from "./checks/check-spec.ts";
import type { ParsedSettings } from "./parse-settings.ts";
import type {
  CreatedSandbox,
  FoundSandbox,
  VendorInfo,
  VendorPrepareOptions,
  VendorTemplate,
} from "./vendor-sandbox.ts";

/** What a provider found out about this host and its vendor. */
export interface ProviderFindings {
  readonly findings: readonly Finding[];
  /** What is effective here and now, where that is less than what the provider claims. */
  readonly capabilities?: Capabilities;
  /** What separates its sandboxes from the host, where the settings choose that: see `Diagnosis`. */
  readonly isolation?: string;
}

/**
 * Egress that the vendor enforces by rules of its own. `create` applies the policy of the spec, `VendorSandbox.start` and
 * `setEgress` that of `connect`. Without it sandboxes have no network, and the kit serves them from this process.
 */
export interface VendorEgress {
  /** Throws for a policy that the vendor cannot enforce. Does no I/O. */
  check(policy: EgressPolicy): void;
  /** The base URL of each model route as a process inside reaches it, by the route's id. */
  modelUrls(policy: EgressPolicy): Readonly<Record<string, string>>;
}

/** A spec that was checked, with what the provider's `plan` made of it. */
export interface PlannedSpec<Plan> {
  readonly spec: SandboxSpec;
  readonly plan: Plan;
}

/**
 * What only the provider knows: how to reach its vendor, make a sandbox, start the supervisor in it, find, list and remove
 * it. Everything that it gets was checked: labels, environment, lease, idempotency key, limits, template, egress, signals.
 *
 * `Context` is what `open` makes of the settings, `Plan` what `plan` makes of a spec.
 */
export interface ProviderDefinition<Schema extends z.ZodObject, Context, Plan> {
  /** A short name in lower case: `docker`. */
  readonly id: string;
  /** The name for people, in messages: `Docker`. Default: the id. */
  readonly name?: string;
  /** The most it can ever do. What it does not claim the kit refuses. */
  readonly capabilities: Capabilities;
  /** The settings; keys that it does not name are refused. */
  readonly settings: Schema;
  /** The least and the most that each limit may be. */
  readonly bounds?: ResourceBounds;
  readonly egress?: VendorEgress;
  /**
   * The file in which the supervisor puts the certificates that the sandbox trusts. Default: `supervisorPaths.certificates`,
   * which only root can write; `supervisorPaths.unprivilegedCertificates` where the supervisor is not root.
   */
  readonly caBundle?: string;
  /**
   * `create` tests that the user can write the workspace: for templates that users make. `node` is the path of a Node in
   * the template, for one without a shell.
   */
  readonly workspaceCheck?: { readonly node: string };
  /** Makes what the other functions work with. Does no I/O. Throws `invalid-options` for settings that cannot be used. */
  open(settings: ParsedSettings<Schema>): Context;
  /** Looks at what a sandbox needs. What it throws becomes a finding, but for `aborted`. */
  preflight(context: Context, call: CallOptions): Promise<ProviderFindings>;
  /** Makes or finds the template. The same spec gives the same digest, and a second call costs little. */
  prepare(context: Context, template: TemplateSpec, options: VendorPrepareOptions): Promise<VendorTemplate>;
  /** What is known of a template by its `reference`; `undefined` when it certainly does not exist. */
  inspectTemplate?(context: Context, reference: string, call: CallOptions): Promise<TemplateInfo | undefined>;
  /** Removes a template that `prepare` built, and no other one: `invalid-options`. Absent where it cannot. */
  removeTemplate?(context: Context, reference: string, options: RemoveTemplateOptions): Promise<void>;
  /**
   * Checks a spec against what this provider can do here and now, and works out what `create` needs. Makes nothing. Called
   * by `preflight({ spec })` and by `create`, so that both reject the same specs; `template` is absent before it is prepared.
   */
  plan?(context: Context, spec: CheckedSpec, call: CallOptions): Promise<Plan> | Plan;
  /**
   * Makes a sandbox, or finds the one of an earlier call with this idempotency key. When it rejects nothing is left, unless
   * the error says `mayHaveCreated`. What fails afterwards the kit cleans up by `VendorSandbox.destroy`.
   */
  create(context: Context, planned: PlannedSpec<Plan>, call: CallOptions): Promise<CreatedSandbox>;
  /**
   * Looks a sandbox up by its id. `undefined` when it certainly does not exist; `foreign` for something at the vendor that
   * this provider has not made, which `destroy` leaves alone.
   */
  find(context: Context, id: string, call: CallOptions): Promise<FoundSandbox | "foreign" | undefined>;
  /** Removes a sandbox that need not be found first, or that may not exist. By default the kit finds and removes it. */
  destroy?(context: Context, id: string, call: CallOptions): Promise<void>;
  /** Finds every sandbox of this provider; those whose labels do not match may be among them. Throws on failure. */
  list(
    context: Context,
    filter: ListFilter,
    call: CallOptions,
  ): AsyncIterable<VendorInfo> | Promise<Iterable<VendorInfo>>;
  /** Removes what killed calls left besides sandboxes, once nothing can still use it. */
  sweep?(context: Context, call: CallOptions): Promise<void>;
  /** Removes a template that `VendorSandbox.snapshot` made; false while sandboxes need it. Throws for any other template. */
  removeSnapshot?(context: Context, template: Template, call: CallOptions): Promise<boolean>;
  /** Maps what the vendor's client throws; `undefined` leaves it to the kit, which makes `unavailable` of it. */
  mapError?(error: unknown, operation: string): SandboxError | undefined;
}
