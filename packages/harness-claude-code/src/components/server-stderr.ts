import { setTimeout as wait } from "node:timers/promises";
import type { HarnessDialogue } from "@glovebox/core/harness";
import { serverLog } from "./server-log.ts";

const mostCharacters = 1000;

const mostLooks = 10;
const pauseMs = 300;

/**
 * The end of what an MCP server printed on standard error, on one line; empty where nothing is known. Claude Code writes
 * it some time after it has reported the failure.
 */
export async function serverStderr(input: Pick<HarnessDialogue, "run">, name: string): Promise<string> {
  for (let looks = 1; ; looks += 1) {
    const entries = (await serverLog(input, name, ["stderr", "Connection failed"])).flatMap(readEntry);
    // Claude Code starts some a second time, and the words of the first are in the log before those of the last.
    const last = entries.filter(({ isLast }) => isLast);
    const isOver = last.some(({ said }) => said === undefined);
    if (!isOver && last.length === 0 && looks < mostLooks) {
      await wait(pauseMs);
      continue;
    }
    const words = last.some(({ said }) => said !== undefined) ? last : entries;
    return words
      .map(({ said = "" }) => said)
      .join(" ")
      .replace(/\s+/g, " ")
      .trim()
      .slice(-mostCharacters);
  }
}

interface LogEntry {
  /** What the server printed; absent where the log only says that it has failed. */
  readonly said?: string;
  /** Whether it is of the last start. */
  readonly isLast: boolean;
}

function readEntry(line: string): LogEntry[] {
  try {
    const entry = JSON.parse(line.slice(line.indexOf(":{") + 1)) as {
      readonly error?: unknown;
      readonly debug?: unknown;
    };
    const [, said] = /^Server stderr: (.*)$/s.exec(String(entry.error)) ?? [];
    const [, before] = /^stderr of the stdio server before restarting it: (.*)$/s.exec(String(entry.debug)) ?? [];
    if (said !== undefined) return [{ said, isLast: true }];
    if (before !== undefined) return [{ said: before, isLast: false }];
    return String(entry.error).startsWith("Connection failed") ? [{ isLast: true }] : [];
  } catch {
    // A line that was cut, or is not from Claude Code.
    return [];
  }
}
