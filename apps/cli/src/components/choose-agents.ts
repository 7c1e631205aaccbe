import { join } from "node:path";
import { type Catalog, listCatalogs, openCatalogs, readLock } from "@glovebox/components";
import { SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import { safeLine } from "../print/safe-text.ts";
import { canAsk, type Terminal } from "../terminal.ts";
import { lockName } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";
import { fuzzyMatch } from "./fuzzy-match.ts";

export interface ChooseAgentsInput {
  readonly options: RunOptions;
  readonly terminal: Terminal;
  /** Where the person stands. */
  readonly directory: string;
  /** Asks a question of yes or no. */
  readonly consent: (question: string) => Promise<boolean>;
  readonly warn: (message: string) => void;
}

const mostShown = 10;

/**
 * Lets a person on a terminal tick agents, where none was named and `--yes` does not say to ask nothing. A catalog that
 * cannot be had is a warning: nobody asked for it.
 */
export async function chooseAgents(input: ChooseAgentsInput): Promise<readonly string[]> {
  const { options, terminal } = input;
  const { yes, json, quiet, dryRun, agent } = options;
  if (yes || json || quiet || dryRun || agent !== undefined || !canAsk(terminal)) return [];
  const catalogs = await catalogsAtHand(input);
  const agents = listCatalogs(catalogs, ["agent"]).filter(({ entry }) => entry.problem === undefined);
  if (agents.length === 0) return [];
  const { autocompleteMultiselect, isCancel } = await import("@clack/prompts");
  const answer = await autocompleteMultiselect({
    message: "Which agents shall come along? Type to search, Tab to tick, Enter to go on",
    options: agents.map(({ source, entry }) => ({
      value: `${source}:${entry.name}`,
      label: entry.name,
      hint: safeLine(entry.description, 60),
    })),
    filter: (search, option) => fuzzyMatch(search, option.value, option.hint),
    maxItems: mostShown,
    required: false,
    output: process.stderr,
  });
  if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
  return answer;
}

/** What was fetched before; fetching for the first time is asked for. */
async function catalogsAtHand({ options, terminal, directory, ...input }: ChooseAgentsInput): Promise<Catalog[]> {
  const { specs, context } = await componentPlace(options, { ...terminal, cwd: directory });
  const lock = await readLock(join(directory, lockName));
  const open = async (offline: boolean): Promise<Catalog[] | string> => {
    try {
      return await openCatalogs(specs, { ...context, ...(offline ? { offline } : {}) }, lock);
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      return error.message;
    }
  };
  const known = await open(true);
  if (typeof known !== "string") return known;
  if (options.offline || !(await input.consent("Fetch the catalog of agents, to choose some from?"))) return [];
  const fetched = await open(false);
  if (typeof fetched !== "string") return fetched;
  input.warn(`There are no agents to choose from: ${fetched}`);
  return [];
}
