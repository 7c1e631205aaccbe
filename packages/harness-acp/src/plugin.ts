import type { HarnessPlugin } from "@glovebox/core/harness";
import { createAcp } from "./acp.ts";
import type { AcpSettings } from "./acp-settings.ts";

/** How Glovebox loads this package by its name. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: (settings) => createAcp(settings as AcpSettings),
};
