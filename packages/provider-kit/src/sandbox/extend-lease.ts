import type { CallOptions } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { VendorSandbox } from "../vendor-sandbox.ts";

export interface ExtendLeaseOptions extends CallOptions {
  /** Gives the connection to the supervisor; not called where the vendor alone keeps the lease. */
  readonly connection: () => Promise<SupervisorConnection>;
  readonly ttlMs: number;
}

/** Sets a sandbox's lease to end `ttlMs` from now wherever it is kept, and resolves to that moment. */
export async function extendLease(
  { lease }: VendorSandbox,
  { connection, ttlMs, ...call }: ExtendLeaseOptions,
): Promise<Date> {
  if (lease?.keptBy === "vendor") return lease.extend(ttlMs, call);
  // The supervisor's first: it fails without a trace when the sandbox has stopped.
  const endsAt = await (await connection()).extend(ttlMs, call);
  await lease?.extend(ttlMs, call);
  return endsAt;
}
