import type { AgentProfile } from "./agent-profile.ts";

/** Codex through its adapter. A provider of one's own: the built-in one tries a WebSocket first, and its inner sandbox needs Landlock. */
export const codex: AgentProfile = {
  npmPackage: "@agentclientprotocol/codex-acp",
  version: "2.6.0",
  command: ["codex-acp"],
  // A suggestion for the next prompt would cost another request.
  env: { CODEX_HOME: "{home}/.codex-acp", CODEX_ACP_PROMPT_SUGGESTIONS: "false" },
  files: [
    {
      path: "{home}/.codex-acp/config.toml",
      content: `model = "{model}"
model_provider = "glovebox"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
web_search = "disabled"
[model_providers.glovebox]
name = "Glovebox"
base_url = "{modelUrl}"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
[features]
plugins = false
apps = false
[analytics]
enabled = false
`,
    },
  ],
  endpoint: "openai",
  mode: "agent-full-access",
  model: "gpt-6.1-sol",
  modelOption: "template",
  sessionsDirectory: "{home}/.codex-acp/sessions",
  // It would end the turn as if it were done.
  saysFailures: true,
};
