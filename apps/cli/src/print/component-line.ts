import type { PlannedComponent } from "@glovebox/components";

const shortHash = 12;

/** What is installed, from where, at which hash. */
export function componentLine({ kind, name, source, revision, sha256 }: PlannedComponent): string {
  const at = revision.startsWith("sha256:") ? "" : ` at ${revision.slice(0, shortHash)}`;
  return `${kind} ${name} from ${source}${at} (sha256 ${sha256.slice(0, shortHash)})`;
}
