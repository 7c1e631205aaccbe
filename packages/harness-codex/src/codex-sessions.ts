import type { HarnessSessions } from "@glovebox/core/harness";
import { codexHome } from "./codex-place.ts";

/** Where Codex keeps conversations: `YEAR/MONTH/DAY/rollout-TIME-ID.jsonl`. It makes its databases from them. */
export const codexSessions: HarnessSessions = {
  directory: `${codexHome}/sessions`,
  isOf: (path, sessionId) => path.endsWith(`-${sessionId}.jsonl`),
};
