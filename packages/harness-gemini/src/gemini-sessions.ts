import type { HarnessSessions } from "@glovebox/core/harness";
import { geminiHome } from "./command/gemini-home.ts";

/** Where Gemini CLI keeps the conversations of the workspace, whose directory it calls by its last name. */
export const geminiSessions: HarnessSessions = {
  directory: `${geminiHome}/.gemini/tmp/workspace/chats`,
  // The name of a conversation's file ends with the first part of its id; sub-agents' lie in a directory of the whole id.
  isOf: (path, sessionId) =>
    isSessionId(sessionId) &&
    (new RegExp(`^session-[^/]*-${sessionId.slice(0, 8)}\\.jsonl?$`).test(path) || path.startsWith(`${sessionId}/`)),
};

/** Whether a text has the form of a conversation's id. It comes from inside a sandbox. */
export function isSessionId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
