import type { AgentProfile } from "./agent-profile.ts";
import { claude } from "./claude.ts";
import { cline } from "./cline.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { qwen } from "./qwen.ts";

/** The agents that this package describes, by name. Each ran as the real program, with no network but its model. */
export const agentProfiles: Readonly<Record<string, AgentProfile>> = {
  claude,
  cline,
  codex,
  copilot,
  gemini,
  opencode,
  qwen,
};
