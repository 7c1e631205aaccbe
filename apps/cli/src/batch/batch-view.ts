import type { BatchWatcher } from "@glovebox/batch";

/** Shows a batch while it runs. */
export interface BatchView extends BatchWatcher {
  onWarning(message: string): void;
  /** Takes away what is drawn. */
  stop(): void;
}
