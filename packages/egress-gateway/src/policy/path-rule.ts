/** What a star stands for: one or more characters of one segment, without a colon, which begins the method in such paths. */
const starred = "[A-Za-z0-9._~@+-]+";

/** Whether a path, in the form that both sides read alike, is the one of a rule: exactly, but for what its stars stand for. */
export function pathMatches(rule: string, path: string): boolean {
  if (!rule.includes("*")) return path === rule;
  const parts = rule.split("*").map((part) => part.replace(/\W/g, "\\$&"));
  return new RegExp(`^${parts.join(starred)}$`).test(path);
}

/**
 * Whether a path can be decided by a rule: it begins with a slash and has no query. Between two stars stands what no star stands
 * for, so that there is one way to match it.
 */
export function isPathRule(path: string): boolean {
  return /^\/[\x21-\x7e]*$/.test(path) && !/[?#]|\*[^/:%]*\*/.test(path);
}
