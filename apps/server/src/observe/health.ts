import type { SandboxProvider } from "@glovebox/core/provider";
import type { Store } from "@glovebox/store";

/** Whether a server can serve requests and start runs. */
export interface Readiness {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, "ok" | "failed">>;
}

export interface HealthOptions {
  readonly store: Pick<Store, "ping">;
  /** The providers of the server, by their names. */
  readonly providers: ReadonlyMap<string, SandboxProvider>;
}

const cacheMs = 5_000;
const deadlineMs = 3_000;

/** Looks whether what a server needs answers, no more often than every five seconds. */
export class Health {
  readonly #options: HealthOptions;
  #isDraining = false;
  #last: { readonly at: number; readonly readiness: Promise<Readiness> } | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** From here on the server is not ready: load balancers send it nothing more. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Asks the database and every provider. Never rejects, and reveals no reasons: the answer is public. */
  async readiness(): Promise<Readiness> {
    if (this.#isDraining) return { isReady: false, checks: { draining: "failed" } };
    if (this.#last === undefined || performance.now() - this.#last.at > cacheMs) {
      this.#last = { at: performance.now(), readiness: this.#check() };
    }
    return await this.#last.readiness;
  }

  async #check(): Promise<Readiness> {
    const { store, providers } = this.#options;
    const signal = AbortSignal.timeout(deadlineMs);
    const database = withinDeadline(store.ping(), signal);
    const others = [...providers].map(async ([name, provider]) => {
      const diagnosis = provider.preflight({ signal }).then(({ ready }) => {
        if (!ready) throw new Error(`${name} is not ready`);
      });
      return [`provider ${name}`, await withinDeadline(diagnosis, signal)] as const;
    });
    const checks = Object.fromEntries([["database", await database] as const, ...(await Promise.all(others))]);
    return { isReady: Object.values(checks).every((check) => check === "ok"), checks };
  }
}

/** Failures are in the check's name alone: `doctor` and the API of providers tell admins why. */
async function withinDeadline(check: Promise<unknown>, signal: AbortSignal): Promise<"ok" | "failed"> {
  const expired = new Promise<"failed">((resolve) => {
    signal.addEventListener("abort", () => resolve("failed"), { once: true });
  });
  return await Promise.race([check.then(() => "ok" as const).catch(() => "failed" as const), expired]);
}
