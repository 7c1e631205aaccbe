import { SandboxError } from "@glovebox/core/provider";
import type { Cluster } from "../cluster/cluster.ts";
import { reasonOf } from "../cluster/cluster-errors.ts";
import { denyAllName, denyAllPolicy } from "../pod/network-policy.ts";
import type { SealMode } from "../pod/pod-options.ts";

/** How the pods of each namespace lose their network, as far as it is known. */
export class NamespaceSeal {
  readonly #cluster: Cluster;
  readonly #setting: "auto" | SealMode;
  readonly #restricted = new Set<string>();
  readonly #policies = new Map<string, Promise<void>>();

  constructor(cluster: Cluster, setting: "auto" | SealMode = "auto") {
    this.#cluster = cluster;
    this.#setting = setting;
  }

  /** The mode to try in the namespace. */
  mode(namespace: string): SealMode {
    if (this.#setting !== "auto") return this.#setting;
    return this.#restricted.has(namespace) ? "policy" : "init";
  }

  /** Takes note that the namespace refuses a pod of this mode. Returns whether another one is left to try. */
  refused(namespace: string, mode: SealMode): boolean {
    if (this.#setting !== "auto" || mode !== "init") return false;
    this.#restricted.add(namespace);
    return true;
  }

  /**
   * Creates the policy that denies every connection, unless the namespace has it. It is the only seal in the mode `policy`; in
   * `init` it is a second one, and its absence no failure.
   */
  async ensurePolicy(namespace: string, mode: SealMode): Promise<void> {
    const creating = this.#policies.get(namespace) ?? this.#createPolicy(namespace);
    this.#policies.set(namespace, creating);
    try {
      await creating;
    } catch (error) {
      this.#policies.delete(namespace);
      if (mode === "policy") throw error;
    }
  }

  async #createPolicy(namespace: string): Promise<void> {
    const body = denyAllPolicy(namespace);
    try {
      await this.#cluster.call("creating the network policy", {}, ({ networking }) =>
        networking.createNamespacedNetworkPolicy({ namespace, body }),
      );
    } catch (error) {
      if (reasonOf(error) === "AlreadyExists") return;
      // Whoever may not create one may have been given it.
      if (!SandboxError.isInstance(error) || error.code !== "authentication") throw error;
      await this.#cluster.read("reading the network policy", {}, ({ networking }) =>
        networking.readNamespacedNetworkPolicy({ namespace, name: denyAllName }),
      );
    }
  }
}
