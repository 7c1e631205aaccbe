import { setTimeout as delay } from "node:timers/promises";
import type { SealReport } from "../../protocol/seal-report.ts";
import type { SealCheck } from "../../supervisor-config.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import { networkInterfaces } from "./network-interfaces.ts";
import { probeAddress } from "./probe-address.ts";
import { sealAddresses } from "./seal-addresses.ts";

/** A refusal, a reset or a missing route come at once; only what is dropped in silence takes so long. */
const defaultTimeoutMs = 1_000;
/**
 * How long work waits for a check that follows an earlier one: what answers from within a cluster does so in a few
 * milliseconds. What answers later ends the work.
 */
const repeatedWaitMs = 250;

/** Whether the sandbox's network is shut, as far as the supervisor can find out by trying. */
export class NetworkSeal {
  readonly #check: SealCheck | undefined;
  readonly #onOpen: () => void;
  readonly #answered = new Set<string>();
  #interfaces: readonly string[] = [];
  #round: Promise<void> = Promise.resolve();
  #rounds = 0;

  /** `onOpen` is called when the network turns out to be open although work may have begun. */
  constructor(check: SealCheck | undefined, onOpen: () => void) {
    this.#check = check;
    this.#onOpen = onOpen;
  }

  /** Tries every address at once. Where only loopback is up, there is nothing to try. */
  check(): void {
    const check = this.#check;
    if (check === undefined) return;
    this.#rounds += 1;
    this.#interfaces = networkInterfaces();
    this.#answered.clear();
    const addresses = this.#interfaces.length === 0 ? [] : sealAddresses(check.addresses);
    const probes = addresses.map(async (address) => {
      const answered = await probeAddress(address, check.timeoutMs ?? defaultTimeoutMs);
      for (const name of answered) this.#answered.add(name);
    });
    this.#round = Promise.all(probes).then(() => {
      if (this.#answered.size > 0) this.#onOpen();
    });
  }

  /** Resolves when work may begin. Rejects with `capability-unsupported` when something answered. */
  async require(): Promise<void> {
    await (this.#rounds > 1 ? Promise.race([this.#round, delay(repeatedWaitMs)]) : this.#round);
    if (this.#answered.size === 0) return;
    const message = `The sandbox's network is not shut: ${[...this.#answered].join(", ")} answered`;
    throw new SupervisorFailure("capability-unsupported", message, {
      hint: "Enforce a NetworkPolicy that denies all traffic of the sandbox, or let an init container take its interface down.",
    });
  }

  /** What the last check found, once it is over. */
  async report(): Promise<SealReport> {
    await this.#round;
    return { checked: this.#check !== undefined, answered: [...this.#answered], interfaces: this.#interfaces };
  }
}
