import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatCount, formatDuration } from "@glovebox/core/text";
import { parseSettings } from "@glovebox/provider-kit";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { KubernetesContext } from "../kubernetes-context.ts";
import { kubernetesSettings } from "../kubernetes-settings.ts";
import { type KnownPool, listPools, removePool } from "../pool/known-pools.ts";

/** `glovebox kubernetes pool ls`. */
export async function printPools({ json }: { readonly json?: boolean }, context: CommandContext): Promise<number> {
  const cluster = await clusterOf(context);
  const pools = await listPools(cluster);
  const { stdout, stderr } = context;
  if (json) for (const pool of pools) stdout.json(pool);
  else if (pools.length === 0) {
    stderr.line(`No pools in the namespace ${await cluster.namespace()}. Set poolSize, and a run fills one.`);
  } else {
    stdout.table(
      ["POOL", "READY", "IMAGE", "CREATED"],
      pools.map((pool) => [pool.name, `${pool.ready}/${pool.size}`, pool.image, age(pool)]),
    );
  }
  return 0;
}

/** Options of `glovebox kubernetes pool drain`. */
export interface DrainOptions {
  readonly all?: boolean;
}

/** `glovebox kubernetes pool drain`. */
export async function drainPools(
  names: readonly string[],
  { all = false }: DrainOptions,
  context: CommandContext,
): Promise<number> {
  if (all === names.length > 0) {
    throw new InvalidOptionsError(all ? "Name pools or pass --all, not both" : "No pool was named", {
      hint: "Name pools from `glovebox kubernetes pool ls`, or pass --all.",
    });
  }
  const cluster = await clusterOf(context);
  const pools = await listPools(cluster);
  const unknown = names.find((name) => pools.every((pool) => pool.name !== name));
  if (unknown !== undefined) {
    throw new InvalidOptionsError(`No pool is called ${unknown} in the namespace ${await cluster.namespace()}`, {
      hint: "`glovebox kubernetes pool ls` lists them.",
    });
  }
  const chosen = all ? pools : pools.filter(({ name }) => names.includes(name));
  for (const { name } of chosen) await removePool(cluster, name);
  context.stderr.line(`Removed ${formatCount(chosen.length, "pool")}.`);
  return 0;
}

async function clusterOf(context: CommandContext): Promise<KubernetesContext> {
  const settings = await context.settingsOf(clusterIdentity.id).read();
  return new KubernetesContext(parseSettings(clusterIdentity, kubernetesSettings, settings));
}

function age({ createdAt }: KnownPool): string {
  return `${formatDuration(Math.max(0, Date.now() - createdAt.getTime()))} ago`;
}
