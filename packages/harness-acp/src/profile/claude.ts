import type { AgentProfile } from "./agent-profile.ts";

/** Claude Code through its adapter. It asks nothing in `bypassPermissions`; in its own mode, a classifier makes more requests. */
export const claude: AgentProfile = {
  npmPackage: "@agentclientprotocol/claude-agent-acp",
  version: "0.101.0",
  command: ["claude-agent-acp"],
  env: {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: "false",
    DISABLE_AUTOUPDATER: "1",
    IS_SANDBOX: "1",
    // It tries a rejected key again too, in silence: ten times would take minutes.
    CLAUDE_CODE_MAX_RETRIES: "4",
  },
  endpoint: "anthropic",
  mode: "bypassPermissions",
  askingMode: "default",
  modelOption: "session",
  sessionsDirectory: "{home}/.claude/projects/-workspace",
};
