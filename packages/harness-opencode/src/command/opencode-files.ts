import type { HarnessFile, HarnessTask } from "@glovebox/core/harness";
import { sandboxUser } from "@glovebox/core/provider";

const home = `${sandboxUser.home}/.glovebox/opencode`;
/** Holds the database of conversations and nothing else: OpenCode's own place has its logins too. */
export const databaseDirectory = `${home}/sessions`;
export const databasePath = `${databaseDirectory}/opencode.db`;
export const instructionsPath = `${home}/instructions.md`;

const configDirectory = `${sandboxUser.home}/.config/opencode`;

/** Returns the files that OpenCode needs before it starts. */
export function openCodeFiles(task: HarnessTask, version: string): HarnessFile[] {
  const instructions = instructionsOf(task);
  return [
    // OpenCode does not make the directory of a database that OPENCODE_DB names.
    { path: `${databaseDirectory}/README`, content: "The conversations of OpenCode in this sandbox.\n" },
    // With these two OpenCode finds its plugin API installed, and does not ask the package registry for it.
    {
      path: `${configDirectory}/package-lock.json`,
      content: `${JSON.stringify({ packages: { "": { dependencies: { "@opencode-ai/plugin": version } } } })}\n`,
    },
    { path: `${configDirectory}/node_modules/.keep`, content: "" },
    ...(instructions === "" ? [] : [{ path: instructionsPath, content: `${instructions}\n` }]),
  ];
}

/** Returns what the agent reads beside the prompt; empty for nothing. */
export function instructionsOf({ appendSystemPrompt = "", addedDirectories = [] }: HarnessTask): string {
  const directories =
    addedDirectories.length === 0
      ? ""
      : `These directories belong to the task, beside the working directory:\n${addedDirectories.map((path) => `- ${path}`).join("\n")}`;
  return [appendSystemPrompt, directories].filter((text) => text !== "").join("\n\n");
}
