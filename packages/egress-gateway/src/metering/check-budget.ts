import { type EgressPolicy, InvalidOptionsError, type ModelRoute } from "@glovebox/core/provider";
import { meteredApis } from "./metered-apis.ts";

/** Throws `invalid-options` for a budget that cannot be enforced. */
export function checkBudget({ budget, models }: EgressPolicy): void {
  if (budget === undefined) return;
  for (const route of models) assertLimitable(route, budget.limitsCost);
}

function assertLimitable({ id, api, prices, paths }: ModelRoute, limitsCost: boolean): void {
  if (api === undefined) throw unlimitable(id, "its usage cannot be read", "Run without a limit.");
  if (limitsCost && prices === undefined) {
    throw unlimitable(id, "it has no prices", 'Give it some with "prices", or run without a limit of cost.');
  }
  const { costs, isFree } = meteredApis[api];
  // What a star stands for has no slash and no colon, so any name says what all of them do.
  const isRead = (path: string): boolean => [costs, isFree].some((one) => one.test(path.replaceAll("*", "any-name")));
  const other = paths.find(({ method, path }) => method === "POST" && !isRead(path));
  if (other !== undefined) throw unlimitable(id, `${other.path} cannot be metered`, "Run without a limit.");
}

function unlimitable(id: string, problem: string, hint: string): InvalidOptionsError {
  return new InvalidOptionsError(`Model route ${id}: its cost cannot be limited, because ${problem}`, { hint });
}
