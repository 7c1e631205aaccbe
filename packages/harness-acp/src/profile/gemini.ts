import type { AgentProfile } from "./agent-profile.ts";

export const gemini: AgentProfile = {
  npmPackage: "@google/gemini-cli",
  version: "0.61.0",
  command: ["gemini", "--acp", "--skip-trust", "--model", "{model}"],
  env: { GEMINI_CLI_HOME: "{home}/.gemini-acp", GEMINI_TELEMETRY_ENABLED: "false" },
  files: [
    {
      path: "{home}/.gemini-acp/.gemini/settings.json",
      content: JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
      }),
    },
  ],
  endpoint: "gemini",
  authMethod: "gemini-api-key",
  mode: "yolo",
  model: "gemini-3.1-pro-preview",
  modelOption: "template",
};
