import type { ServerHttp2Stream } from "node:http2";
import { type ProcEntry, readProcEntries, readProcEntry } from "../processes/proc-entry.ts";

const stopDeadlineMs = 5_000;

/**
 * Stops every process that is not root's for as long as the host holds its request open: a host that dies lets them run on.
 * Those that were stopped before stay so.
 */
export function serveStop(stream: ServerHttp2Stream): void {
  const stopped = new Map<number, ProcEntry>();
  stream.once("close", () => {
    for (const entry of stopped.values()) signalProcess(entry, "SIGCONT");
  });
  stream.resume();
  const until = Date.now() + stopDeadlineMs;
  // Until a look finds no other one: they may fork meanwhile.
  for (let found = true; found && Date.now() < until; ) {
    found = false;
    for (const entry of readProcEntries()) {
      if (entry.uid === 0 || entry.pid === 1 || entry.dead || entry.stopped) continue;
      if (stopped.get(entry.pid)?.startTime === entry.startTime) continue;
      stopped.set(entry.pid, entry);
      signalProcess(entry, "SIGSTOP");
      found = true;
    }
  }
  // The answer stays open: it is the request's end that lets them run on.
  stream.respond({ ":status": 200 });
}

function signalProcess({ pid, startTime }: ProcEntry, signal: NodeJS.Signals): void {
  if (readProcEntry(pid)?.startTime !== startTime) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
