import type { AgentProfile } from "./agent-profile.ts";

const settings = "{home}/.cline/data/settings";
const provider = "openai-compatible";
const access = { provider, apiKey: "{key}", model: "{model}", baseUrl: "{modelUrl}" };
const written = { updatedAt: "2026-01-01T00:00:00.000Z", tokenSource: "manual" };

/** Cline with any server of Chat Completions. Unless its sessions are local, it starts a daemon that outlives it. */
export const cline: AgentProfile = {
  npmPackage: "cline",
  version: "3.0.65",
  command: ["cline", "--acp"],
  env: {
    CLINE_API_KEY: "{key}",
    CLINE_PROVIDER: provider,
    CLINE_MODEL: "{model}",
    CLINE_SESSION_BACKEND_MODE: "local",
    CLINE_SESSION_DATA_DIR: "{home}/.cline-conversations/sessions",
    CLINE_DB_DATA_DIR: "{home}/.cline-conversations/db",
    CLINE_GLOBAL_SETTINGS_PATH: `${settings}/global-settings.json`,
  },
  files: [
    {
      path: `${settings}/providers.json`,
      content: JSON.stringify({
        ...{ version: 1, lastUsedProvider: provider, modes: {} },
        providers: { [provider]: { settings: access, ...written } },
      }),
    },
    {
      path: `${settings}/global-settings.json`,
      content: JSON.stringify({ telemetryOptOut: true, autoUpdateEnabled: false }),
    },
  ],
  endpoint: "openai-chat",
  model: "gpt-6.1-sol",
  modelOption: "template",
  sessionsDirectory: "{home}/.cline-conversations",
};
