import type { AgentProfile } from "./agent-profile.ts";

/** OpenCode with any server of Chat Completions. `small_model` is for titles: without it, another model is asked. */
export const opencode: AgentProfile = {
  npmPackage: "opencode-ai",
  version: "1.18.33",
  command: ["opencode", "acp"],
  env: {
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      model: "glovebox/{model}",
      small_model: "glovebox/{model}",
      permission: "allow",
      share: "disabled",
      autoupdate: false,
      provider: {
        glovebox: {
          npm: "@ai-sdk/openai-compatible",
          options: { baseURL: "{modelUrl}", apiKey: "{key}" },
          models: { "{model}": { tool_call: true } },
        },
      },
    }),
  },
  endpoint: "openai-chat",
  model: "gpt-6.1-sol",
  modelOption: "template",
};
