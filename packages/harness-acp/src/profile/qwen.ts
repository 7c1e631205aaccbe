import type { AgentProfile } from "./agent-profile.ts";

/** Qwen Code with any server of Chat Completions. */
export const qwen: AgentProfile = {
  npmPackage: "@qwen-code/qwen-code",
  version: "0.24.4",
  command: ["qwen", "--acp", "--auth-type", "openai", "--model", "{model}"],
  files: [
    {
      path: "{home}/.qwen/settings.json",
      content: JSON.stringify({
        security: { auth: { selectedType: "openai" } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
        // Each would send requests of its own to the model at the end of a turn.
        memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false },
        ui: { enableFollowupSuggestions: false },
      }),
    },
  ],
  endpoint: "openai-chat",
  mode: "yolo",
  askingMode: "default",
  model: "qwen3-coder-plus",
  modelOption: "template",
  heartbeat: '"_meta":\\{"toolName":"run_shell_command","shellProgress":',
  sessionsDirectory: "{home}/.qwen/projects/-workspace",
};
