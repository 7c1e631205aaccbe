import type { CallOptions, EgressPolicy } from "@glovebox/core/provider";
import type { z } from "zod";
import { checkEgress } from "./checks/check-egress.ts";
import { type CheckedSpec, checkSpec } from "./checks/check-spec.ts";
import { checkTtl } from "./checks/check-ttl.ts";
import type { ProviderDefinition } from "./provider-definition.ts";
import type { ProviderIdentity } from "./provider-identity.ts";
import { VendorCalls } from "./vendor-calls.ts";

/** A definition with the settings of one provider opened, as the parts of the kit share it. */
export class ProviderScope<Schema extends z.ZodObject, Context, Plan> {
  readonly definition: ProviderDefinition<Schema, Context, Plan>;
  readonly context: Context;
  readonly provider: ProviderIdentity;
  readonly calls: VendorCalls;

  constructor(definition: ProviderDefinition<Schema, Context, Plan>, context: Context) {
    const { id, name = id } = definition;
    this.definition = definition;
    this.context = context;
    this.provider = { id, name };
    this.calls = new VendorCalls(this.provider, (error, operation) => definition.mapError?.(error, operation));
  }

  /** Throws for a spec that contradicts the contract, or that is more than `capabilities`. Does no I/O. */
  checkSpec(spec: CheckedSpec, capabilities = this.definition.capabilities): void {
    const { bounds, egress } = this.definition;
    checkSpec(spec, { provider: this.provider, capabilities, bounds, checkPolicy: egress?.check });
  }

  /** Throws for a policy of `connect` that cannot work or that the provider cannot enforce. */
  checkPolicy(policy: EgressPolicy): void {
    checkEgress(this.provider, policy, this.definition.capabilities);
    this.definition.egress?.check(policy);
  }

  checkTtl(ttlMs: number): void {
    checkTtl(this.provider, ttlMs, this.definition.capabilities);
  }

  /** What the provider makes of a spec that was checked; it throws for what cannot be done here and now. */
  async plan(spec: CheckedSpec, call: CallOptions): Promise<Plan> {
    const { definition, context, calls } = this;
    // Where there is no `plan`, `Plan` is `undefined`.
    return calls.run(
      "checking the sandbox's options",
      call,
      async () => definition.plan?.(context, spec, call) as Plan,
    );
  }
}
