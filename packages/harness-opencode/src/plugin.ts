import type { HarnessPlugin } from "@glovebox/core/harness";
import { createOpenCode } from "./opencode.ts";

/** How Glovebox loads this package by its name. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: (settings) => createOpenCode(settings),
};
