import { type ComponentPlaces, placeSkills } from "@glovebox/core/harness";
import { mcpServer } from "./mcp-server.ts";

/** Agents, commands and MCP servers are part of the configuration that the command passes; skills are files. */
export const openCodePlaces: ComponentPlaces = {
  kinds: ["agent", "command", "mcp", "skill"],
  instead: { hook: "OpenCode has plugins in place of hooks: put one into .opencode/plugin of the project." },
  files: ({ skills, mcpServers }) => {
    for (const server of mcpServers) mcpServer(server);
    // Not below .opencode: OpenCode would install its plugin API from the package registry there.
    return placeSkills(skills, ".agents/skills");
  },
};
