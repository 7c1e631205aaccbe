import { type EgressPolicy, InvalidOptionsError, type ModelRoute } from "@glovebox/core/provider";
import { messagesPath } from "./messages-path.ts";

/** The path of the Messages API whose requests are free. */
const countTokensPath = "/v1/messages/count_tokens";

/** Throws `invalid-options` for a limit of cost that cannot be enforced. */
export function checkCostLimit({ maxCostUsd, budget, models }: EgressPolicy): void {
  if (maxCostUsd === undefined && budget === undefined) return;
  if (maxCostUsd !== undefined && !(maxCostUsd >= 0))
    throw new InvalidOptionsError("The limit of cost is not an amount of US dollars");
  for (const route of models) assertLimitable(route);
}

function assertLimitable({ id, api, prices, paths }: ModelRoute): void {
  const refuse = (problem: string, hint: string): never => {
    throw new InvalidOptionsError(`Model route ${id}: its cost cannot be limited, for ${problem}`, { hint });
  };
  if (api === undefined) refuse("nobody knows how to read its usage", "Run without a limit of cost.");
  if (prices === undefined) refuse("it has no prices", 'Give it some with "prices", or run without a limit of cost.');
  const other = paths.find(
    ({ method, path }) => method === "POST" && path !== messagesPath && path !== countTokensPath,
  );
  if (other !== undefined) refuse(`${other.path} cannot be metered`, "Run without a limit of cost.");
}
