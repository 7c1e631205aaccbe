import type { Readable, Writable } from "node:stream";
import type { SearchResult } from "@glovebox/components";
import { SandboxAbortedError } from "@glovebox/core/provider";
import { safeLine, safeName } from "@glovebox/core/text";
import { matchRank } from "./match-rank.ts";

const mostShown = 10;

/** Lets somebody tick agents, the best match of what is typed first and under the cursor. */
export async function pickAgents(
  agents: readonly SearchResult[],
  streams: { readonly output: Writable; readonly input?: Readable },
): Promise<readonly string[]> {
  const { autocompleteMultiselect, isCancel } = await import("@clack/prompts");
  const all = agents.map(({ source, entry }) => ({
    value: `${source}:${entry.name}`,
    label: safeName(entry.name),
    hint: safeLine(entry.description, 60),
  }));
  const best = (search: string) =>
    all
      .flatMap((option) => {
        const rank = matchRank(search, option.label, option.hint);
        return rank === undefined ? [] : [{ option, rank }];
      })
      .sort((a, b) => b.rank - a.rank || a.option.label.length - b.option.label.length)
      .map(({ option }) => option);
  let [search, found] = ["", all];
  const answer = await autocompleteMultiselect<string>({
    message: "Which agents should be installed? Type to search, Tab to tick, Enter to continue",
    options() {
      const typed = this.userInput.trim();
      if (typed !== search) {
        [search, found] = [typed, typed === "" ? all : best(typed)];
        // The cursor would stay where it was, far below the best match.
        this.focusedValue = undefined;
      }
      return found;
    },
    // What is offered is what fits.
    filter: () => true,
    maxItems: mostShown,
    required: false,
    ...streams,
  });
  if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
  return answer;
}
