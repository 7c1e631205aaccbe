import type { BatchRecord } from "@glovebox/batch";
import type { JsonSchema } from "@glovebox/core/harness";
import type { RunOptions } from "../config/run-options.ts";
import type { BatchAnswers } from "./batch-questions.ts";

/** What this program keeps in a batch's record, to plan a row again. */
export interface BatchSettings {
  /** Options of `run` that all rows share. */
  readonly shared: RunOptions;
  readonly extraArgs: readonly string[];
  readonly jsonSchema?: JsonSchema | undefined;
  readonly answers: BatchAnswers;
}

/** The settings of a record, which this program wrote. */
export function settingsOf({ options }: BatchRecord): BatchSettings {
  return options as unknown as BatchSettings;
}
