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
        // Its own number of tries is 10, which is minutes of silence while an API is down.
        general: { enableAutoUpdate: false, maxAttempts: 3 },
      }),
    },
  ],
  endpoint: "gemini",
  authMethod: "gemini-api-key",
  mode: "yolo",
  askingMode: "default",
  model: "gemini-3.1-pro-preview",
  modelOption: "template",
  sessionsDirectory: "{home}/.gemini-acp/.gemini/tmp/workspace/chats",
};
