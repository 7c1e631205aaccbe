import {
  type CallOptions,
  type Capabilities,
  type ConnectOptions,
  type CreateOptions,
  type Diagnosis,
  dropUndefined,
  type ListFilter,
  type PreflightOptions,
  type PrepareOptions,
  type RemoveTemplateOptions,
  type Sandbox,
  SandboxError,
  type SandboxInfo,
  type SandboxProvider,
  type SandboxSpec,
  type Template,
  type TemplateInfo,
  type TemplateSpec,
} from "@glovebox/core/provider";
import type { z } from "zod";
import { checkLayers } from "./check-layers.ts";
import { checkLabels } from "./checks/check-labels.ts";
import { invalidOptions } from "./checks/spec-errors.ts";
import { connectSandbox } from "./connect-sandbox.ts";
import { createSandbox } from "./create-sandbox.ts";
import { throwIfAborted } from "./errors/throw-if-aborted.ts";
import type { ProviderFindings } from "./provider-definition.ts";
import type { ProviderScope } from "./provider-scope.ts";

/** The contract's provider over a definition: what every provider must check is checked here, once. */
export class KitProvider<Schema extends z.ZodObject, Context, Plan> implements SandboxProvider {
  readonly specificationVersion = 1;
  readonly id: string;
  readonly capabilities: Capabilities;
  /** Absent where the definition leaves nothing that could be swept. */
  readonly sweep?: (options?: CallOptions) => Promise<void>;
  /** Absent where the definition cannot remove one. */
  readonly removeSnapshot?: (template: Template, options?: CallOptions) => Promise<boolean>;
  /** Absent where the definition's is. */
  readonly inspectTemplate?: (reference: string, options?: CallOptions) => Promise<TemplateInfo | undefined>;
  readonly removeTemplate?: (reference: string, options?: RemoveTemplateOptions) => Promise<void>;
  readonly #scope: ProviderScope<Schema, Context, Plan>;

  // As properties, so that a provider may be spread to wrap it.
  readonly preflight = (options?: PreflightOptions): Promise<Diagnosis> => this.#preflight(options);
  readonly create = (spec: SandboxSpec, options?: CreateOptions): Promise<Sandbox> =>
    createSandbox(this.#scope, spec, options);
  readonly connect = (id: string, options?: ConnectOptions): Promise<Sandbox> =>
    connectSandbox(this.#scope, id, options);
  readonly list = (filter: ListFilter, options?: CallOptions): AsyncGenerator<SandboxInfo, void, undefined> =>
    this.#list(filter, options);

  readonly prepare = (template: TemplateSpec, options: PrepareOptions = {}): Promise<Template> => {
    const { definition, context, calls } = this.#scope;
    const { signal } = options;
    const checks = dropUndefined({ layers: template.layers, signal });
    return calls.run("preparing the template", options, async () => {
      const prepared = await definition.prepare(context, template, {
        ...options,
        checkLayers: (unchecked) => checkLayers(this.#scope, { ...unchecked, providerId: this.id }, checks),
      });
      return { ...prepared, providerId: this.id };
    });
  };

  readonly destroy = (id: string, options: CallOptions = {}): Promise<void> => {
    const { definition, context, provider, calls } = this.#scope;
    return calls.run("removing the sandbox", options, async () => {
      if (definition.destroy !== undefined) return definition.destroy(context, id, options);
      const found = await definition.find(context, id, options);
      if (found === "foreign") throw invalidOptions(provider, `${id} is not a sandbox of Glovebox, and is left alone`);
      await found?.sandbox.destroy(options);
    });
  };

  constructor(scope: ProviderScope<Schema, Context, Plan>) {
    const { definition, context, provider, calls } = scope;
    this.id = definition.id;
    this.capabilities = definition.capabilities;
    this.#scope = scope;
    const { sweep, inspectTemplate, removeTemplate, removeSnapshot } = definition;
    if (sweep !== undefined) {
      this.sweep = (options = {}) => calls.run("removing leftovers", options, () => sweep(context, options));
    }
    if (inspectTemplate !== undefined) {
      this.inspectTemplate = (reference, options = {}) =>
        calls.run("looking at the template", options, () => inspectTemplate(context, reference, options));
    }
    if (removeTemplate !== undefined) {
      this.removeTemplate = (reference, options = {}) =>
        calls.run("removing the template", options, () => removeTemplate(context, reference, options));
    }
    if (removeSnapshot === undefined) return;
    this.removeSnapshot = (template, options = {}) =>
      calls.run("removing the snapshot", options, async () => {
        if (template.providerId === this.id) return await removeSnapshot(context, template, options);
        throw invalidOptions(provider, `The template is one of ${template.providerId}`);
      });
  }

  async #preflight({ signal, spec }: PreflightOptions = {}): Promise<Diagnosis> {
    const scope = this.#scope;
    const call = dropUndefined({ signal });
    if (spec !== undefined) scope.checkSpec(spec);
    const { findings, capabilities = this.capabilities, isolation } = await this.#findings(call);
    const ready = findings.every(({ status }) => status !== "problem");
    if (spec !== undefined && ready) {
      await scope.plan(spec, call);
      scope.checkSpec(spec, capabilities);
    }
    throwIfAborted(scope.provider, "checking the provider", signal);
    return { ready, findings, capabilities, ...dropUndefined({ isolation }) };
  }

  async *#list({ labels }: ListFilter, options: CallOptions = {}): AsyncGenerator<SandboxInfo, void, undefined> {
    const { definition, context, provider, calls } = this.#scope;
    checkLabels(provider, labels);
    const wanted = Object.entries(labels);
    const found = calls.iterate("listing the sandboxes", options, () => definition.list(context, { labels }, options));
    for await (const info of found) {
      if (wanted.every(([key, value]) => info.labels[key] === value)) yield { ...info, providerId: this.id };
    }
  }

  async #findings(call: CallOptions): Promise<ProviderFindings> {
    const { definition, context, calls } = this.#scope;
    try {
      return await calls.run("checking the provider", call, () => definition.preflight(context, call));
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
      const { message, hint, remedy } = error;
      return { findings: [dropUndefined({ name: definition.id, status: "problem" as const, message, hint, remedy })] };
    }
  }
}
