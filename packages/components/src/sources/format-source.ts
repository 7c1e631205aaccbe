import type { SourceSpec } from "./source-spec.ts";

/** The source as `parseSource` reads it, without its name: what the lock file and messages call it. */
export function formatSource(spec: SourceSpec): string {
  const location = spec.kind === "github" ? `github:${spec.location}` : spec.location;
  if (spec.ref === undefined && spec.path === undefined) return location;
  return `${location}#${spec.ref ?? ""}${spec.path === undefined ? "" : `:${spec.path}`}`;
}
