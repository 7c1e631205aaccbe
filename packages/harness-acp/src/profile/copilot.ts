import type { AgentProfile } from "./agent-profile.ts";

/** GitHub Copilot's program with a key of one's own for the model: GitHub's own service is not used. */
export const copilot: AgentProfile = {
  npmPackage: "@github/copilot",
  version: "1.0.102",
  command: ["copilot", "--acp", "--allow-all"],
  env: {
    COPILOT_OFFLINE: "true",
    COPILOT_PROVIDER_TYPE: "openai",
    COPILOT_PROVIDER_BASE_URL: "{modelUrl}",
    COPILOT_PROVIDER_API_KEY: "{key}",
    COPILOT_MODEL: "{model}",
    COPILOT_AUTO_UPDATE: "false",
  },
  endpoint: "openai-chat",
  model: "gpt-6.1-sol",
  modelOption: "template",
  sessionsDirectory: "{home}/.copilot/session-state",
  // It ends the turn as if it were done.
  failedAnswer: "^((Info: [\\w ]{1,100}\\. )?Retrying\\.\\.\\.\\s*)*(?<said>Error: [^]*)",
};
