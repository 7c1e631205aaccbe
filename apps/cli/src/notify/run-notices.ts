import { randomUUID } from "node:crypto";
import type { RunEvent, RunResult } from "@glovebox/core";
import { dropUndefined } from "@glovebox/core/provider";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { formatCost } from "../print/format-cost.ts";
import type { Notification, NotificationType } from "./notification.ts";
import type { Notifier } from "./notifier.ts";

export interface RunNoticesOptions {
  readonly notifier: Pick<Notifier, "send">;
  readonly runId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly outputDirectory: string;
  readonly maxCostUsd: number | undefined;
  readonly atShare: number;
}

/** Notifies about a run: each time it stalls, once when a share of its budget is spent, and once when it ends. */
export class RunNotices {
  readonly #options: RunNoticesOptions;
  #spentUsd = 0;
  #isBudgetNoticed = false;

  constructor(options: RunNoticesOptions) {
    this.#options = options;
  }

  /** Hears an event of the run. */
  hear(event: RunEvent): void {
    if (event.type === "run.stalled" && event.state === "begin") {
      const { silentMs, stopsInMs } = event;
      const text = `has made no progress for ${formatDuration(silentMs)}`;
      this.#send("run.stalled", text, dropUndefined({ silentMs, stopsInMs, costUsd: this.#knownCost }));
    }
    if (event.type === "usage" && event.source === "gateway") this.#spend(event.costUsd ?? 0);
  }

  /** Takes the run's end. */
  end(result: RunResult): void {
    const { outcome, exitCode, durationMs, costUsd, tokens } = result;
    const reason = safeLine(result.reason, 500);
    const cost = costUsd === undefined ? "" : `, ${formatCost(costUsd)}`;
    const text = `${outcome} after ${formatDuration(durationMs)}${cost}${outcome === "succeeded" ? "" : `: ${reason}`}`;
    this.#send("run.ended", text, { outcome, reason, exitCode, durationMs, ...dropUndefined({ costUsd, tokens }) });
  }

  get #knownCost(): number | undefined {
    return this.#spentUsd === 0 ? undefined : this.#spentUsd;
  }

  #spend(usd: number): void {
    const { maxCostUsd, atShare } = this.#options;
    this.#spentUsd += usd;
    if (maxCostUsd === undefined || this.#isBudgetNoticed || this.#spentUsd < maxCostUsd * atShare) return;
    this.#isBudgetNoticed = true;
    const share = Math.floor((100 * this.#spentUsd) / maxCostUsd);
    const text = `has spent ${formatCost(this.#spentUsd)} of ${formatCost(maxCostUsd)} (${share}%)`;
    this.#send("run.budget", text, { costUsd: this.#spentUsd });
  }

  #send(type: NotificationType, text: string, more: Partial<Notification>): void {
    const { notifier, runId, name, labels, outputDirectory, maxCostUsd } = this.#options;
    notifier.send({
      ...{ v: 1, id: randomUUID(), type, time: new Date().toISOString() },
      ...{ text: chatText(`Run ${name} ${text}`), runId, name, outputDirectory },
      ...dropUndefined({ labels, maxCostUsd }),
      ...more,
    });
  }
}

/** The reason of an end may hold words of the agent's: chat services make links and calls to everyone of such signs. */
function chatText(text: string): string {
  return text
    .replaceAll("<", "‹")
    .replaceAll(">", "›")
    .replace(/@(?=\w)/g, "@ ");
}
