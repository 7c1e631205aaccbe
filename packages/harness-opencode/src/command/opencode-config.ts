import { type HarnessTask, noParts } from "@glovebox/core/harness";
import { mcpServer } from "./mcp-server.ts";
import type { ModelProvider } from "./model-provider.ts";
import { instructionsOf, instructionsPath } from "./opencode-files.ts";

/**
 * Returns OpenCode's configuration for a run. As `OPENCODE_CONFIG_CONTENT` it precedes the user's and the project's: measured
 * with a project that names another address, key, adapter and model, and disables the provider.
 */
export function openCodeConfig(
  task: HarnessTask,
  { id, adapter, credential }: ModelProvider,
  { baseUrl, model }: { readonly baseUrl: string; readonly model: string },
): Readonly<Record<string, unknown>> {
  const { agents, commands, mcpServers } = task.components ?? noParts;
  return {
    model: `${id}/${model}`,
    small_model: `${id}/${model}`,
    enabled_providers: [id],
    disabled_providers: [],
    provider: {
      [id]: {
        npm: adapter,
        options: { baseURL: baseUrl, apiKey: `{env:${credential.variable}}` },
        // A project could name an address for one model only.
        models: { [model]: { provider: { npm: adapter, api: baseUrl } } },
      },
    },
    share: "disabled",
    autoupdate: false,
    // Copies of the workspace for an undo that a run does not have.
    snapshot: false,
    ...(instructionsOf(task) === "" ? {} : { instructions: [instructionsPath] }),
    agent: Object.fromEntries(
      agents.map(({ name, description, instructions }) => [name, { description, prompt: instructions, mode: "all" }]),
    ),
    command: Object.fromEntries(
      commands.map(({ name, description, prompt }) => [name, { description, template: prompt }]),
    ),
    mcp: Object.fromEntries(mcpServers.map((server) => [server.name, mcpServer(server)])),
  };
}
