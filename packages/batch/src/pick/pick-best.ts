import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { Candidate } from "./candidate.ts";

/** How the best candidate is chosen. */
export interface PickBestOptions {
  readonly candidates: readonly Candidate[];
  /** Also takes candidates whose run succeeded and that have no verification, or none that passed. */
  readonly unverified?: boolean;
  /**
   * Chooses among the candidates that may be taken: gets them as JSON and resolves to what it printed, of which the last line
   * has to be a row's id. By default the smallest diff is taken, and among equal ones the cheapest.
   */
  readonly judge?: ((candidates: string) => Promise<string>) | undefined;
}

/** The choice, or why there is none. */
export interface Picked {
  /** Absent where no candidate may be taken. */
  readonly candidate?: Candidate;
  /** In one line. */
  readonly reason: string;
}

/**
 * Chooses the best candidate. Only those that passed their verification may be taken, and none is where none did. Throws
 * `invalid-options` where the judge names none of them.
 */
export async function pickBest({ candidates, unverified = false, judge }: PickBestOptions): Promise<Picked> {
  const able = candidates.filter((one) => mayBeTaken(one, unverified)).sort(byMerit);
  const [best] = able;
  if (best === undefined) {
    const verified = unverified ? "succeeded" : "passed its verification";
    return { reason: `None of ${candidates.length} candidates ${verified}` };
  }
  if (judge === undefined) {
    const of = `of ${able.length} that may be taken`;
    return { candidate: best, reason: `${verifiedWord(best)}, the smallest change ${of}: ${best.diffLines} lines` };
  }
  const answer = await judge(JSON.stringify({ v: 1, candidates: able.map(forJudge) }));
  const named = lastLine(answer);
  const candidate = able.find(({ id }) => id === named);
  if (candidate === undefined) {
    throw new InvalidOptionsError(`The judge named no candidate: ${safeLine(named) || "it printed nothing"}`, {
      hint: `The last line of its output has to be one of: ${able.map(({ id }) => id).join(", ")}`,
    });
  }
  return { candidate, reason: `${verifiedWord(candidate)}, chosen by the judge of ${able.length}` };
}

function mayBeTaken({ passed, status, verification, runDirectory }: Candidate, unverified: boolean): boolean {
  if (runDirectory === undefined) return false;
  if (unverified) return status === "succeeded" || status === "unverified";
  return passed && verification?.passed === true;
}

/** Verified ones first, then the smallest diff, then the cheapest, then the first. */
function byMerit(a: Candidate, b: Candidate): number {
  return (
    Number(b.verification?.passed ?? false) - Number(a.verification?.passed ?? false) ||
    a.diffLines - b.diffLines ||
    a.changedFiles.length - b.changedFiles.length ||
    a.costUsd - b.costUsd
  );
}

function verifiedWord({ verification }: Candidate): string {
  return verification?.passed ? "verified" : "not verified";
}

/** What a judge gets: nothing of this machine but where the files are. */
function forJudge(candidate: Candidate) {
  const { id, prompt, model, harness, provider, runDirectory, verification, costUsd, tokens, durationMs } = candidate;
  const { changedFiles, diffLines, runId } = candidate;
  return {
    ...{ id, runId, prompt, model, harness, provider, runDirectory, verification },
    ...{ costUsd, tokens, durationMs, diffLines, changedFiles },
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
