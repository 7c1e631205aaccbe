import type { CallOptions, Sandbox, SandboxInfo } from "@glovebox/core/provider";

interface LeasedSandbox extends Pick<Sandbox, "extend"> {
  info(call?: CallOptions): Promise<Pick<SandboxInfo, "leaseEndsAt">>;
}

/** A sandbox's lease for a visitor: it is never made shorter than its own run, or its user, has set it. */
export function keepingLease(sandbox: LeasedSandbox): Pick<Sandbox, "extend"> {
  return {
    extend: async (ttlMs, call) => {
      const { leaseEndsAt } = await sandbox.info(call);
      if (leaseEndsAt !== undefined && leaseEndsAt.getTime() > Date.now() + ttlMs) return leaseEndsAt;
      return await sandbox.extend(ttlMs, call);
    },
  };
}
