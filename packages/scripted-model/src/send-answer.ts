import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { ConversationPosition } from "./conversation-position.ts";
import type { ScriptFault, ScriptTurn } from "./script.ts";

/** The fault that breaks this try, if one does. */
export function faultOf({ answer, earlierTries }: ConversationPosition): ScriptFault | undefined {
  const { fault } = answer;
  return fault !== undefined && earlierTries < (fault.times ?? Number.POSITIVE_INFINITY) ? fault : undefined;
}

/** What the turn says once its fault has changed it. */
export function saidTurn(turn: ScriptTurn, fault: ScriptFault | undefined): ScriptTurn {
  return fault?.kind === "huge" ? { ...turn, text: hugeText(fault.bytes) } : turn;
}

/** No line comes twice: some programs stop a model that repeats itself. */
function hugeText(bytes: number): string {
  let text = "";
  for (let line = 1; text.length < bytes; line += 1) text += `This is line ${line} of a long answer.\n`;
  // No space at the end, which some programs remove.
  return `${text.slice(0, bytes - 1)}.`;
}

/** Writes an answer chunk by chunk, and breaks it as the fault says. */
export async function sendChunks(
  response: ServerResponse,
  chunks: readonly string[],
  { contentType, turn, fault }: { contentType: string; turn: ScriptTurn; fault: ScriptFault | undefined },
): Promise<void> {
  response.writeHead(200, { "content-type": contentType, "cache-control": "no-cache", "request-id": "req_scripted" });
  response.flushHeaders();
  const end = fault !== undefined && "afterChunks" in fault ? fault.afterChunks : chunks.length;
  const write = (chunk: string) => new Promise<void>((resolve) => response.write(chunk, () => resolve()));
  for (const [index, chunk] of chunks.slice(0, end).entries()) {
    if (response.destroyed) return;
    if (index > 0 && turn.chunkDelayMs) await delay(turn.chunkDelayMs);
    await write(chunk);
  }
  if (fault?.kind === "cut") response.destroy();
  else if (fault?.kind === "garbage") response.end('data: {"this is": no JSON\n\n');
  else if (fault?.kind !== "hang") response.end();
}

/** An answer in one piece, as the chunks that a fault may break it between. */
export function jsonChunks(answer: object): string[] {
  const text = JSON.stringify(answer);
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
