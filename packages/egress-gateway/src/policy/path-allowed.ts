import type { PathRule } from "@glovebox/core/provider";
import { pathMatches } from "./path-rule.ts";

/**
 * Whether a path (without its query) is in a form that both sides read alike. An encoded slash may be part of a name
 * (`/@scope%2fpackage`), but nothing that climbs, and with rules about paths nothing that is encoded twice.
 */
export function isPlainPath(path: string, ruled: boolean): boolean {
  if (!path.startsWith("/") || /[^\x21-\x7e]|[\\#]/.test(path) || /%(?![0-9a-f]{2})/i.test(path)) return false;
  if (/%(?:5c|[01][0-9a-f]|7f)/i.test(path) || (ruled && /%25/.test(path))) return false;
  const read = path.replace(/%2f/gi, "/").replace(/%2e/gi, ".").replace(/%3b/gi, ";");
  return !read.split("/").some((segment) => /^\.{1,2}(;|$)/.test(segment));
}

/** Whether the rules let a request pass. No rules let every request pass. */
export function pathAllowed(rules: readonly PathRule[] | undefined, method: string, path: string): boolean {
  if (rules === undefined) return true;
  return rules.some((rule) => rule.method === method && matches(rule.path, path));
}

function matches(rule: string, path: string): boolean {
  return rule.endsWith("/*") ? path.startsWith(rule.slice(0, -1)) : pathMatches(rule, path);
}
