import type { HarnessPlugin } from "@glovebox/core/harness";
import { createClaudeCode } from "./claude-code.ts";

/** How Glovebox loads this package by its name. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: (settings) => createClaudeCode(settings),
};
