import { type ComponentPlaces, placeSkills } from "@glovebox/core/harness";
import { mcpServers } from "./command/mcp-servers.ts";

/** MCP servers and agents go into Codex's own directory; skills into the workspace, where Codex looks for them. */
export const codexPlaces: ComponentPlaces = {
  kinds: ["agent", "mcp", "skill"],
  instead: {
    command: "Write the prompt as a skill: Codex reads slash commands only at a terminal.",
    plugin: "Name its MCP servers and skills one by one.",
  },
  files: (parts) => {
    // What cannot be written into the configuration is refused before anything starts.
    mcpServers(parts.mcpServers);
    return placeSkills(parts.skills, ".agents/skills");
  },
};
