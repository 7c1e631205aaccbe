import type { HarnessFile, HarnessTask } from "@glovebox/core/harness";
import { openaiApiKey } from "@glovebox/model-apis";
import { codexHome } from "../codex-place.ts";
import { mcpServers } from "./mcp-servers.ts";
import { toml } from "./toml.ts";

/** Where the schema of the answer lies in the sandbox. */
export const schemaPath = `${codexHome}/answer-schema.json`;

/**
 * The files of Codex's own directory. Tried with the pinned version: a workspace that no configuration trusts gets the
 * configuration, the agents and the hooks of its `.codex` directory ignored, and its AGENTS.md and skills read.
 */
export function codexFiles(task: HarnessTask, modelUrl: string): readonly HarnessFile[] {
  const { components, jsonSchema, resumeSessionId } = task;
  const instructions = instructionsOf(task);
  const isNew = resumeSessionId === undefined;
  const servers = components?.mcpServers ?? [];
  const config = {
    model_provider: "glovebox",
    ...(isNew && instructions !== "" ? { developer_instructions: instructions } : {}),
    check_for_update_on_startup: false,
    // The API would search itself, past the sandbox's network; `-c web_search=live` allows it.
    web_search: "disabled",
    // A login shell would reset the variables of the sandbox, PATH among them.
    allow_login_shell: false,
    model_providers: {
      glovebox: {
        name: "Glovebox",
        base_url: modelUrl,
        env_key: openaiApiKey.variable,
        wire_api: "responses",
        supports_websockets: false,
      },
    },
    // Both ask other hosts than the model's.
    features: { plugins: false, apps: false },
    analytics: { enabled: false },
    ...(servers.length === 0 ? {} : { mcp_servers: mcpServers(servers) }),
  };
  const agents = (components?.agents ?? []).map((agent, index) => ({
    path: `${codexHome}/agents/agent-${index + 1}.toml`,
    content: toml({
      name: agent.name,
      description: agent.description,
      developer_instructions: agent.instructions,
    }),
  }));
  return [
    { path: `${codexHome}/config.toml`, content: toml(config) },
    ...agents,
    // A conversation keeps the developer's instructions that it began with; these are read again each time.
    ...(isNew || instructions === "" ? [] : [{ path: `${codexHome}/AGENTS.md`, content: instructions }]),
    ...(jsonSchema === undefined ? [] : [{ path: schemaPath, content: JSON.stringify(jsonSchema) }]),
  ];
}

/** Codex has no flag for more of the system's prompt; without its own sandbox it does not name further directories, either. */
function instructionsOf({ appendSystemPrompt = "", addedDirectories = [] }: HarnessTask): string {
  const named = addedDirectories.map((path) => `- ${path}`).join("\n");
  const places = named === "" ? "" : `Beside the workspace you may read and use these directories:\n${named}`;
  return [appendSystemPrompt, places].filter((text) => text.trim() !== "").join("\n\n");
}
