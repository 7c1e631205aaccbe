import { randomUUID } from "node:crypto";
import type { HarnessTask, InteractiveCommand, InteractiveSupport } from "@glovebox/core/harness";
import { type SandboxFiles, sandboxUser } from "@glovebox/core/provider";
import { claudeCodeTerminalCommand } from "./claude-code-command.ts";
import { apiKeyPlaceholder } from "./headless/anthropic-api.ts";

const stateFile = `${sandboxUser.home}/.claude.json`;
const maxStateBytes = 4 * 1024 * 1024;
/** Claude Code keeps the end of a key whose use was agreed to. */
const keyEndLength = 20;
const sessionFile = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

/** Claude Code at a terminal. `sessions` is where it keeps the workspace's conversations. */
export function claudeCodeInteractive(binary: string, sessions: string): InteractiveSupport {
  return {
    command: (task, plugins) => terminalCommand(task, plugins, binary),
    prepare: (files, { workspaceDir }) => skipQuestions(files, workspaceDir),
    lastSession: (files) => lastSession(files, sessions),
  };
}

function terminalCommand(task: HarnessTask, plugins: readonly string[], binary: string): InteractiveCommand {
  const sessionId = task.resumeSessionId ?? randomUUID();
  const pluginFlags = plugins.flatMap((directory) => ["--plugin-dir", `${task.workspaceDir}/${directory}`]);
  const session = task.resumeSessionId === undefined ? ["--session-id", sessionId] : [];
  return { ...claudeCodeTerminalCommand(task, binary, [...pluginFlags, ...session]), sessionId };
}

/**
 * Answers what Claude Code asks on its first start, and whether it may use the workspace and the run's placeholder, in the file
 * where it keeps the answers. Tried with the pinned version.
 */
async function skipQuestions(files: SandboxFiles, workspaceDir: string): Promise<void> {
  const state = await readState(files);
  const projects = isRecord(state.projects) ? state.projects : {};
  const project = Object.hasOwn(projects, workspaceDir) ? projects[workspaceDir] : {};
  const answered = {
    theme: "dark",
    ...state,
    hasCompletedOnboarding: true,
    bypassPermissionsModeAccepted: true,
    customApiKeyResponses: { approved: [apiKeyPlaceholder.slice(-keyEndLength)], rejected: [] },
    projects: {
      ...projects,
      [workspaceDir]: {
        ...(isRecord(project) ? project : {}),
        hasTrustDialogAccepted: true,
        hasCompletedProjectOnboarding: true,
      },
    },
  };
  await files.writeStream(stateFile, bytesOf(JSON.stringify(answered)), { mode: 0o600 });
}

/** Of a sandbox that another run has left. What cannot be read is replaced. */
async function readState(files: SandboxFiles): Promise<Record<string, unknown>> {
  const found = await files.stat(stateFile);
  if (found?.kind !== "file" || found.size > maxStateBytes) return {};
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await files.readStream(stateFile)) {
    size += piece.length;
    if (size > maxStateBytes) return {};
    pieces.push(Uint8Array.from(piece));
  }
  try {
    const state: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
    return isRecord(state) ? state : {};
  } catch {
    // The agent could write anything there.
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** `/clear` begins another conversation, with a file of its own. */
async function lastSession(files: SandboxFiles, directory: string): Promise<string | undefined> {
  const sessions = (await files.list(directory)).flatMap(({ path, kind, modifiedAt }) => {
    const id = sessionFile.exec(path.slice(path.lastIndexOf("/") + 1))?.[1];
    return id === undefined || kind !== "file" ? [] : [{ id, at: modifiedAt.getTime() }];
  });
  return sessions.sort((a, b) => b.at - a.at)[0]?.id;
}
