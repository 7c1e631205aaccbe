import { createHmac } from "node:crypto";

/** What is derived from the gateway's key: it need not be kept, and is the same after a restart. */
export class GatewayKey {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Whose sandboxes these are, at the provider. */
  get owner(): string {
    return `e2b-gateway-${this.#derive("owner").slice(0, 16)}`;
  }

  /** What envd asks of every request to a secured sandbox. */
  envdToken(sandboxId: string): string {
    return `ea_${this.#derive(`envd:${sandboxId}`)}`;
  }

  /** What the gateway asks of every request to a port of a sandbox without public traffic. */
  trafficToken(sandboxId: string): string {
    return `ta_${this.#derive(`traffic:${sandboxId}`)}`;
  }

  #derive(purpose: string): string {
    return createHmac("sha256", this.#key).update(purpose).digest("hex");
  }
}
