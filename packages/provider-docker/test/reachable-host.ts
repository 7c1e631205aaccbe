import { lookup } from "node:dns/promises";
import type { HostRule } from "@glovebox/core/provider";
import { execa } from "execa";

export interface ReachableHost {
  /** Why the host is not reached, in a few words; undefined where it is. */
  readonly missing: string | undefined;
  /** What lets a sandbox reach it: its name, and its addresses, which a company's mirror has in a private range. */
  readonly rules: readonly HostRule[];
}

/** Whether this machine reaches a host of the internet. */
export async function reachableHost(url: string): Promise<ReachableHost> {
  const { hostname } = new URL(url);
  const { exitCode } = await execa("curl", ["-sSL", "-m", "20", "-o", "/dev/null", url], { reject: false });
  if (exitCode !== 0) return { missing: `${hostname} is not reached from this machine`, rules: [] };
  const addresses = await lookup(hostname, { all: true }).catch(() => []);
  return {
    missing: undefined,
    rules: [hostname, ...addresses.map(({ address }) => address)].map((host) => ({ host, source: "test" })),
  };
}
