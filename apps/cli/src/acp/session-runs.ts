import type { SessionInfo } from "@agentclientprotocol/sdk";
import type { RunStore, RunSummary } from "@glovebox/core";

/** Marks the runs of an editor's session: its value is the session's id. */
export const sessionLabel = "editor-session";

/** The runs of a session, oldest first. */
export async function runsOfSession(store: RunStore, sessionId: string): Promise<readonly RunSummary[]> {
  return (await store.list()).filter((run) => run.labels?.[sessionLabel] === sessionId).reverse();
}

/** The sessions of a directory, or of all directories, the one that was used last first. */
export async function listSessions(store: RunStore, directory: string | undefined): Promise<SessionInfo[]> {
  const sessions = new Map<string, SessionInfo>();
  for (const { labels, workspace, promptPreview, startedAt } of await store.list()) {
    const sessionId = labels?.[sessionLabel];
    if (sessionId === undefined || workspace === undefined) continue;
    if (directory !== undefined && workspace !== directory) continue;
    // Newest first: the time is the last run's, the title the first one's.
    const updatedAt = sessions.get(sessionId)?.updatedAt ?? startedAt.toISOString();
    sessions.set(sessionId, { sessionId, cwd: workspace, title: promptPreview, updatedAt });
  }
  return [...sessions.values()];
}
