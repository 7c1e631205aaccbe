import { type Candidate, createBatchStore, readCandidates } from "@glovebox/batch";
import { dropUndefined } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatDuration, safeLine, safeName } from "@glovebox/core/text";
import { formatCost } from "../../print/format-cost.ts";
import { tableLines } from "../../print/table.ts";
import type { Terminal } from "../../terminal.ts";

export interface CompareOptions {
  readonly group?: string;
  readonly diff?: boolean;
  readonly json?: boolean;
}

const mostFiles = 200;

/** `glovebox batch compare`. */
export async function compareBatch(
  reference: string,
  { group, diff, json }: CompareOptions,
  { env, stdout }: Terminal,
): Promise<number> {
  const home = stateDirectory(env);
  const batches = createBatchStore(home);
  const candidates = await readCandidates({ batches, id: reference, home, ...dropUndefined({ group }) });
  if (json) {
    for (const { changedFiles, ...candidate } of candidates)
      stdout.json(diff ? { ...candidate, changedFiles } : candidate);
    return 0;
  }
  const columns = stdout.isTTY ? stdout.columns : undefined;
  const [first] = candidates;
  if (first !== undefined) stdout.line(stdout.colors.bold(safeLine(first.prompt)));
  const print = (head: string, rows: readonly (readonly string[])[]) => {
    for (const line of tableLines([head, ...candidates.map(({ id }) => id)], rows, columns)) stdout.line(line);
  };
  print("", summaryRows(candidates));
  if (diff) {
    stdout.line();
    print("FILE", fileRows(candidates));
  }
  return 0;
}

function summaryRows(candidates: readonly Candidate[]): string[][] {
  const row = (name: string, of: (candidate: Candidate) => string) => [name, ...candidates.map(of)];
  const all = [
    row("model", ({ model }) => model ?? ""),
    row("harness", ({ harness }) => harness),
    row("provider", ({ provider }) => provider),
    row("outcome", ({ status }) => (status === "unverified" ? "succeeded" : status)),
    row("verified", verifiedText),
    row("cheats", ({ verification }) => String(verification?.cheats.length ?? 0)),
    row("cost", ({ costUsd }) => formatCost(costUsd)),
    row("time", ({ durationMs }) => formatDuration(durationMs)),
    row("tokens", ({ tokens }) => tokens.toLocaleString("en-US")),
    row("files", ({ changedFiles }) => String(changedFiles.length)),
    row("lines", ({ diffLines }) => String(diffLines)),
  ];
  // What is the same for all says nothing here.
  return all.filter(
    ([name = "", ...cells]) => !["model", "harness", "provider", "cheats"].includes(name) || new Set(cells).size > 1,
  );
}

function verifiedText({ verification }: Candidate): string {
  if (verification === undefined) return "no command";
  if (verification.passed) return "passed";
  return verification.verdict === "not-verified" ? "unknown" : "failed";
}

/** `+12 -3` of each file, for each candidate. */
function fileRows(candidates: readonly Candidate[]): string[][] {
  const paths = [...new Set(candidates.flatMap(({ changedFiles }) => changedFiles.map(({ path }) => path)))].sort();
  const rows = paths.slice(0, mostFiles).map((path) => [
    safeName(path),
    ...candidates.map(({ changedFiles }) => {
      const file = changedFiles.find((one) => one.path === path);
      if (file === undefined) return "·";
      return file.added === undefined ? file.change : `+${file.added} -${file.deleted}`;
    }),
  ]);
  if (paths.length > mostFiles) rows.push([`… +${paths.length - mostFiles} more`, ...candidates.map(() => "")]);
  return rows;
}
