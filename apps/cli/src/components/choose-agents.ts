import { join } from "node:path";
import { type CatalogEntry, listCatalogs, openCatalogs, readLock } from "@glovebox/components";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import type { Terminal } from "../terminal.ts";
import { lockName } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";

export interface ChooseAgentsInput {
  readonly options: RunOptions;
  readonly terminal: Terminal;
  /** The current directory. */
  readonly directory: string;
}

/** Lets the user pick agents from the catalogs, which are fetched where that has not been done. */
export async function chooseAgents({ options, terminal, directory }: ChooseAgentsInput): Promise<readonly string[]> {
  const { specs, context } = await componentPlace(options, { ...terminal, cwd: directory });
  const lock = await readLock(join(directory, lockName));
  const offline = options.offline ? { offline: true } : {};
  const catalogs = await openCatalogs(specs, { ...context, ...offline }, lock);
  const agents = listCatalogs(catalogs, ["agent"]).filter(({ entry }) => canWork(entry));
  if (agents.length === 0) {
    throw new InvalidOptionsError("--choose: the catalogs have no agents that could be installed", {
      hint: "`glovebox components search` shows what there is.",
    });
  }
  const { pickAgents } = await import("./pick-agents.ts");
  return await pickAgents(agents, { output: process.stderr });
}

function canWork({ problem, obstacle, missingScript, external }: CatalogEntry): boolean {
  return [problem, obstacle, missingScript, external].every((reason) => reason === undefined);
}
