import { createRunStore, type RunEvent } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import { formatBytes, formatCount, formatDuration, safeLine } from "@glovebox/core/text";
import { asTyped } from "../print/command-name.ts";
import { remedyFlags } from "../print/describe-remedy.ts";
import { hostAndPort } from "../print/host-and-port.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { findRun } from "./find-run.ts";
import { JournalGaps } from "./journal-gaps.ts";

export interface NetworkLogOptions {
  readonly denied?: boolean;
  readonly json?: boolean;
}

type RequestEvent = Extract<RunEvent, { type: "network.request" }>;

/** `glovebox network log`: the audit of one run, from its journal. */
export async function printNetworkLog(
  reference: string | undefined,
  options: NetworkLogOptions,
  { stdout, stderr, cwd, env }: Terminal,
): Promise<number> {
  const store = createRunStore(stateDirectory(env));
  const run = await findRun(store, reference, cwd);
  const requests: RequestEvent[] = [];
  const gaps = new JournalGaps();
  let earlier = 0;
  for await (const event of store.events(run.runId)) {
    gaps.add(event);
    if (event.type === "network.refused" && options.json) stdout.json(event);
    if (event.type !== "network.request" || (options.denied && event.decision !== "denied")) continue;
    if (options.json) stdout.json(event);
    else if (requests.push(event) > mostRows) {
      requests.shift();
      earlier += 1;
    }
    if (stdout.gone.aborted) return 0;
  }
  for (const gap of gaps.lines({ isAlive: run.isAlive }))
    stderr.line(`${stderr.colors.yellow("gap:")} ${safeLine(gap)}`);
  if (options.json) return 0;
  if (requests.length === 0) {
    stderr.line(
      `No request ${options.denied ? "was refused" : "is recorded"} in the run ${runName(run.runDirectory)}.`,
    );
    return 0;
  }
  if (earlier > 0) stderr.line(`${formatCount(earlier, "earlier request")} not shown; --json has all.`);
  stdout.table(...tableOf(requests, stdout.isTTY && stdout.columns < enoughForTraffic));
  const hints = [...new Set(requests.flatMap(hintOf))];
  for (const hint of hints.slice(0, mostHints)) {
    stderr.line(`${stderr.colors.cyan("hint:")} ${asTyped(safeLine(hint), env)}`);
  }
  if (hints.length > mostHints) stderr.line(`… and ${hints.length - mostHints} more, with --json`);
  return 0;
}

/** The flags that would let a refused request pass. */
function hintOf({ decision, remedy }: RequestEvent): string[] {
  const flags = decision === "denied" && remedy !== undefined ? remedyFlags(remedy) : undefined;
  return flags === undefined ? [] : [flags];
}

const mostHints = 10;
/** What runs inside chooses how often it asks. */
const mostRows = 1000;

const head = ["TIME", "DECISION", "METHOD", "HOST", "PATH", "STATUS", "OUT", "IN", "TOOK", "WHY"] as const;
const traffic: readonly string[] = ["OUT", "IN", "TOOK"];
/** On a narrower terminal the host and the reason need the place. */
const enoughForTraffic = 120;

/** The columns that say something. */
function tableOf(requests: readonly RequestEvent[], isNarrow: boolean): [string[], string[][]] {
  const rows = requests.map(cells);
  const isShown = head.map(
    (name, column) => !(isNarrow && traffic.includes(name)) && rows.some((row) => row[column] !== ""),
  );
  const shown = <T>(row: readonly T[]) => row.filter((_, column) => isShown[column]);
  return [shown(head), rows.map(shown)];
}

function cells(event: RequestEvent): string[] {
  return [
    event.time.slice(11, 23),
    event.decision,
    safeLine(event.method, 10),
    hostAndPort(event),
    safeLine(event.path ?? "", 60),
    String(event.status),
    formatBytes(event.requestBytes),
    formatBytes(event.responseBytes),
    formatDuration(event.durationMs),
    safeLine(event.decision === "allowed" ? (event.rule ?? "") : (event.reason ?? event.rule ?? "")),
  ];
}
