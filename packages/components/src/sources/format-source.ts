import { relative } from "node:path";
import type { SourceSpec } from "./source-spec.ts";
import { withoutCredentials } from "./without-credentials.ts";

/** The source as `parseSource` reads it, without its name: what the lock file and messages call it. */
export function formatSource(spec: SourceSpec): string {
  const location = spec.kind === "github" ? `github:${spec.location}` : spec.location;
  if (spec.ref === undefined && spec.path === undefined) return location;
  return `${location}#${spec.ref ?? ""}${spec.path === undefined ? "" : `:${spec.path}`}`;
}

/**
 * What the lock file in `directory` calls it: without credentials, and with a place on this machine written from that
 * directory, so that the lock file means the same on another machine.
 */
export function lockedSource(spec: SourceSpec, directory: string): string {
  if (!spec.location.startsWith("/") || directory === "/") return withoutCredentials(formatSource(spec));
  const path = relative(directory, spec.location).replaceAll("\\", "/");
  return formatSource({ ...spec, location: path.startsWith("../") ? path : path === "" ? "." : `./${path}` });
}
