import type { ServerHttp2Stream } from "node:http2";
import type { OwnProcesses } from "../processes/own-processes.ts";
import { type ProcEntry, readProcEntries, readProcEntry } from "../processes/proc-entry.ts";

const stopDeadlineMs = 5_000;

/**
 * Stops every process that is not the supervisor's own for as long as the host holds its request open: a host that dies lets them run on.
 * Those that were stopped before stay so.
 */
export function serveStop(stream: ServerHttp2Stream, ownProcesses: OwnProcesses): void {
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
      if (ownProcesses.has(entry) || entry.dead || entry.stopped) continue;
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
