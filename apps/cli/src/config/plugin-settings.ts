import type { SettingTable } from "@glovebox/core/run-settings";

/** Settings that flags of plugins set too, and the user's configuration file names at its top. */
export const pluginSettings = {
  runtime: { type: "text", group: "sandbox", user: true },
} as const satisfies SettingTable;
