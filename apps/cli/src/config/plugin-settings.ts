import type { SettingTable } from "@glovebox/core/run-settings";

/** Settings that the user's configuration file names at its top, beside those of every run: of plugins' flags, and of this program. */
export const pluginSettings = {
  runtime: { type: "text", group: "sandbox", user: true },
  server: { type: "text", group: "sandbox", user: true },
  updateCheck: { type: "switch", group: "output", user: true },
} as const satisfies SettingTable;
