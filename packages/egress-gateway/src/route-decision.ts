import type { EgressPolicy, ModelRoute } from "@glovebox/core/provider";
import { meteredApis } from "./metering/metered-apis.ts";
import { holdsCredential } from "./policy/credential-query.ts";
import { pathMatches } from "./policy/path-rule.ts";

/** Where a request goes, or why it does not. */
export type RouteDecision =
  | { readonly allowed: true; readonly route: ModelRoute; readonly path: string; readonly query: string }
  | { readonly allowed: false; readonly routeId?: string; readonly status: 403 | 405; readonly reason: string };

/** The prefix under which a model route is reached. */
export function routePrefix(routeId: string): string {
  return `/model/${routeId}`;
}

/**
 * Decides by the exact text of the target. Nothing is decoded or resolved: a path that needs it (`..`, `%2f`, `//`) is
 * refused, so that this side and the upstream can never read one target as two. An escape passes only where a rule has it.
 */
export function decideRoute(policy: EgressPolicy, method: string, target: string): RouteDecision {
  if (!target.startsWith("/")) return deny("only a path is accepted as the target of a request");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  if (
    /[^\x21-\x7e]|[\\#]/.test(target) ||
    /%(?!3A|2F)/.test(path) ||
    path.includes("//") ||
    /(\/|%2F)\.{1,2}(\/|%2F|$)/.test(path)
  ) {
    return deny("the path is not in its plain form");
  }
  const routes = policy.mode === "none" ? [] : policy.models;
  const route = routes.find(({ id }) => path === routePrefix(id) || path.startsWith(`${routePrefix(id)}/`));
  if (route === undefined) return deny("there is no route of this name");
  const rest = path.slice(routePrefix(route.id).length) || "/";
  const rules = route.paths.filter((rule) => pathMatches(rule.path, rest));
  if (rules.some((rule) => rule.method === method)) {
    const problem = queryProblem(route, rest, query);
    return problem === undefined
      ? { allowed: true, route, path: rest, query }
      : { ...deny(problem), routeId: route.id };
  }
  const reason = `${printable(method)} ${printable(rest)} is not among the requests that a run may make`;
  return { ...deny(reason, rules.length > 0 ? 405 : 403), routeId: route.id };
}

/** Why a query does not pass: it holds a credential from inside, or changes what the answer reports. */
function queryProblem({ api }: ModelRoute, path: string, query: string): string | undefined {
  const isKey = /(^\?|[&;])(k|%6b|%4b)(e|%65|%45)(y|%79|%59)(=|[&;]|$)/i.test(query);
  if (isKey || holdsCredential(path, query)) return "a credential belongs in a header and not in the query";
  return api === undefined ? undefined : meteredApis[api].refusesQuery?.(query);
}

/** A bounded, one-line form of something that came from inside. */
export function printable(text: string): string {
  return text.slice(0, 256).replace(/[^\x20-\x7e]/g, "?");
}

function deny(reason: string, status: 403 | 405 = 403): Extract<RouteDecision, { allowed: false }> {
  return { allowed: false, status, reason };
}
