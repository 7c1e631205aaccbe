import { InvalidOptionsError } from "@glovebox/core/provider";
import { flagOf } from "@glovebox/core/run-settings";
import type { RunOptions } from "../../config/run-options.ts";
import type { RunChoices } from "../server/server.ts";
import type { RequestSettings } from "./run-request.ts";

/** What can be chosen for a run that continues another one. */
const choices = [
  ...["model", "maxTurns", "allowedTools", "appendSystemPrompt", "extraArgs", "jsonSchema", "labels"],
  ...[
    "timeoutMs",
    "idleTimeoutMs",
    "maxCostUsd",
    "maxTokens",
    "maxCostPerAgentUsd",
    "maxTokensPerAgent",
    "strictBudget",
  ],
];

const allowed: ReadonlySet<string> = new Set([
  ...["model", "maxTurns", "allowedTools", "appendSystemPrompt", "jsonSchema", "label", "timeout", "idleTimeout"],
  ...["maxCost", "maxTokens", "maxCostPerAgent", "maxTokensPerAgent", "strictBudget"],
  ...["prompt", "promptFile", "output", "overwrite", "directory"],
  ...["json", "quiet", "verbose", "yes", "noInput", "detach", "dryRun"],
]);

/** Throws for an option that a server takes over from the run that is continued. */
export function refuseFixed(options: RunOptions): void {
  const fixed = Object.keys(options).find((name) => options[name] !== undefined && !allowed.has(name));
  if (fixed === undefined) return;
  throw new InvalidOptionsError(`${flagOf(fixed)} cannot be changed when a server continues a run`, {
    hint: "The workspace, the provider, the harness and the network are those of the earlier run.",
  });
}

/** The settings that a server takes for a run that continues another one. */
export function choicesOf(settings: RequestSettings): RunChoices {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => choices.includes(name)));
}
