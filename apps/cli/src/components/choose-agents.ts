import { join } from "node:path";
import { type Catalog, type CatalogEntry, listCatalogs, openCatalogs, readLock } from "@glovebox/components";
import { SandboxError } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import { canAsk, type Terminal } from "../terminal.ts";
import { lockName } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";

export interface ChooseAgentsInput {
  readonly options: RunOptions;
  readonly terminal: Terminal;
  /** The current directory. */
  readonly directory: string;
  /** Asks a question of yes or no. */
  readonly consent: (question: string) => Promise<boolean>;
  readonly warn: (message: string) => void;
}

/**
 * Lets the user pick agents on a terminal, unless some were named or `--yes` was passed. A catalog that
 * cannot be had is a warning: nobody asked for it.
 */
export async function chooseAgents(input: ChooseAgentsInput): Promise<readonly string[]> {
  const { options, terminal } = input;
  const { yes, json, quiet, dryRun, agent } = options;
  if (yes || json || quiet || dryRun || agent !== undefined || !canAsk(terminal)) return [];
  const catalogs = await catalogsAtHand(input);
  const agents = listCatalogs(catalogs, ["agent"]).filter(({ entry }) => canWork(entry));
  if (agents.length === 0) return [];
  const { pickAgents } = await import("./pick-agents.ts");
  return await pickAgents(agents, { output: process.stderr });
}

function canWork({ problem, obstacle, missingScript, external }: CatalogEntry): boolean {
  return [problem, obstacle, missingScript, external].every((reason) => reason === undefined);
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
