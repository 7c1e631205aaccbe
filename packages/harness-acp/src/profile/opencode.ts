import type { AgentProfile } from "./agent-profile.ts";

const version = "1.18.33";
const plugins = { packages: { "": { dependencies: { "@opencode-ai/plugin": version } } } };
const provider = {
  npm: "@ai-sdk/openai-compatible",
  options: { baseURL: "{modelUrl}", apiKey: "{key}" },
  models: { "{model}": { tool_call: true } },
};
const models = { model: "glovebox/{model}", small_model: "glovebox/{model}", enabled_providers: ["glovebox"] };
const off = { permission: "allow", share: "disabled", autoupdate: false, snapshot: false };

/** OpenCode with any server of Chat Completions. `small_model` is for titles: without it, another model is asked. */
export const opencode: AgentProfile = {
  npmPackage: "opencode-ai",
  version,
  command: ["opencode", "acp"],
  env: {
    OPENCODE_DB: "{home}/.opencode-acp/opencode.db",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...models, ...off, provider: { glovebox: provider } }),
  },
  files: [
    // OpenCode makes no directory for its database. With the others it does not ask the registry for its plugin API.
    { path: "{home}/.opencode-acp/README", content: "The conversations of OpenCode in this sandbox.\n" },
    { path: "{home}/.config/opencode/package-lock.json", content: JSON.stringify(plugins) },
    { path: "{home}/.config/opencode/node_modules/.keep", content: "" },
  ],
  endpoint: "openai-chat",
  // Its adapter sends `max_tokens`, which OpenAI's reasoning models refuse.
  model: "gpt-4.1",
  modelOption: "template",
  sessionsDirectory: "{home}/.opencode-acp",
};
