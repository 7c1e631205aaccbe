import { type ComponentPlaces, noParts, placeSkills } from "@glovebox/core/harness";
import { geminiFiles } from "./gemini-files.ts";

/** Agents, commands and MCP servers are in Gemini CLI's home, which the command writes; skills are files of the workspace. */
export const geminiPlaces: ComponentPlaces = {
  kinds: ["agent", "command", "mcp", "skill"],
  instead: { plugin: "Put a Gemini CLI extension into the image." },
  files: (parts) => {
    // Throws for a part that has no place.
    geminiFiles({ prompt: "", workspaceDir: "", components: { ...noParts, ...parts } });
    return placeSkills(parts.skills, ".agents/skills");
  },
};
