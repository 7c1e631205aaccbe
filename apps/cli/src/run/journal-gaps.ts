import { journalFullCode, type RunEvent } from "@glovebox/core";
import { formatCount } from "@glovebox/core/text";

/** Finds in a run's events what its journal does not have of the network, event by event. */
export class JournalGaps {
  readonly #lines: string[] = [];
  #last: RunEvent | undefined;
  /** When its own process wrote its last event; another one may have closed the journal later. */
  #brokeOffAt: string | undefined;
  #isWhole = false;

  add(event: RunEvent): void {
    const missing = event.seq - (this.#last?.seq ?? 0) - 1;
    if (missing > 0) this.#lines.push(`${formatCount(missing, "event")} missing before ${event.time}`);
    if (event.type === "warning" && event.code === journalFullCode) this.#lines.push(`${event.time} ${event.message}`);
    if (event.type === "network.refused") {
      const hosts = event.hosts.slice(0, mostHosts).join(", ");
      const more = event.hosts.length > mostHosts ? " and others" : "";
      this.#lines.push(
        `${event.since} ${formatCount(event.count, "further refused request")} counted together: ${hosts}${more}`,
      );
    }
    if (event.type === "run.state" && event.to === "ended") this.#isWhole = true;
    if (event.type !== "run.end") this.#brokeOffAt = event.time;
    this.#last = event;
  }

  /** For people, in order. */
  lines({ isAlive }: { readonly isAlive: boolean }): readonly string[] {
    if (this.#brokeOffAt === undefined || this.#isWhole || isAlive) return this.#lines;
    return [
      ...this.#lines,
      `The journal breaks off at ${this.#brokeOffAt}: requests that were in flight then are not in it`,
    ];
  }
}

const mostHosts = 5;
