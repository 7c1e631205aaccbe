import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ComponentLock } from "../lock/component-lock.ts";
import { formatSource } from "../sources/format-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import { withoutCredentials } from "../sources/without-credentials.ts";
import type { Catalog } from "./catalog.ts";
import { openCatalog } from "./open-catalog.ts";

/** Opens the catalogs of several sources, each at the commit that the lock pins or, where it pins none, the newest. */
export async function openCatalogs(
  specs: readonly SourceSpec[],
  context: SourceContext,
  lock?: ComponentLock,
): Promise<Catalog[]> {
  const names = specs.map((spec) => spec.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InvalidOptionsError(`Two sources of components are called ${twice}`, {
      hint: "Give one another name: NAME=SOURCE.",
    });
  return Promise.all(
    specs.map((spec) => openCatalog(spec, context, lock?.sources[withoutCredentials(formatSource(spec))])),
  );
}
