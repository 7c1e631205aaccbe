import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { HarnessSessions, HostPlace } from "@glovebox/core/harness";
import { InvalidOptionsError, sandboxUser, workspaceDir } from "@glovebox/core/provider";
import { translateTranscript } from "./translate-transcript.ts";

/** A longer name gets a hash that only Claude Code knows. */
const longestName = 200;

/** Where Claude Code keeps conversations, in the sandbox and on the host. */
export const claudeCodeSessions: HarnessSessions = {
  directory: `${sandboxUser.home}/.claude/projects/${directoryName(workspaceDir)}`,
  // Beside the transcript, those of sub-agents and long outputs of tools.
  isOf: (path, sessionId) => path === fileName(sessionId) || path.startsWith(`${sessionId}/`),
  onHost: {
    file: fileName,
    directory: hostDirectory,
    newId: () => randomUUID(),
    translate: translateTranscript,
    command: (sessionId) => ["claude", "--resume", sessionId],
  },
};

function fileName(sessionId: string): string {
  return `${sessionId}.jsonl`;
}

/** Claude Code names a project's directory by its path. */
function directoryName(path: string): string {
  return path.replace(/[^a-zA-Z0-9]/g, "-");
}

function hostDirectory({ workspace, home, env }: HostPlace): string {
  const name = directoryName(workspace);
  if (name.length > longestName) {
    throw new InvalidOptionsError(`The path of ${workspace} is too long: Claude Code names its directory by a hash`, {
      hint: `Choose a directory whose path has at most ${longestName} characters.`,
    });
  }
  return join(env.CLAUDE_CONFIG_DIR || join(home, ".claude"), "projects", name);
}
