import { type Catalog, formatSource } from "@glovebox/components";
import { safeName } from "@glovebox/core/text";
import type { Output } from "../output.ts";

/** With `--verbose`: where a catalog comes from, in which state, and how much it holds. */
export function printSources(catalogs: readonly Catalog[], output: Output, isVerbose = false): void {
  if (!isVerbose) return;
  for (const { spec, revision, entries } of catalogs)
    output.line(safeName(`source ${spec.name}: ${formatSource(spec)} at ${revision}, ${entries.length} components`));
}
