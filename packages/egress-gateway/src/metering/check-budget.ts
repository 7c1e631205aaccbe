import { type EgressPolicy, InvalidOptionsError, type ModelRoute } from "@glovebox/core/provider";
import { messagesPath } from "./messages-path.ts";

/** The path of the Messages API whose requests are free. */
const countTokensPath = "/v1/messages/count_tokens";

/** Throws `invalid-options` for a budget that cannot be enforced. */
export function checkBudget({ budget, models }: EgressPolicy): void {
  if (budget === undefined) return;
  for (const route of models) assertLimitable(route, budget.limitsCost);
}

function assertLimitable({ id, api, prices, paths }: ModelRoute, limitsCost: boolean): void {
  const refuse = (problem: string, hint: string): never => {
    throw new InvalidOptionsError(`Model route ${id}: its cost cannot be limited, because ${problem}`, { hint });
  };
  if (api === undefined) refuse("its usage cannot be read", "Run without a limit.");
  if (limitsCost && prices === undefined) {
    refuse("it has no prices", 'Give it some with "prices", or run without a limit of cost.');
  }
  const other = paths.find(
    ({ method, path }) => method === "POST" && path !== messagesPath && path !== countTokensPath,
  );
  if (other !== undefined) refuse(`${other.path} cannot be metered`, "Run without a limit.");
}
