import type { Catalog } from "../catalog/catalog.ts";
import { emptyLock } from "../lock/component-lock.ts";
import type { ComponentRequest } from "../names/component-request.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { ComponentPlan } from "./component-plan.ts";
import { planComponents } from "./plan-components.ts";

/** One component alone, as it would come into an empty workspace: what `components show` tells. */
export function showComponent(
  request: ComponentRequest,
  catalogs: readonly Catalog[],
  options: { readonly cwd: string; readonly context: SourceContext },
): Promise<ComponentPlan> {
  const existing = { read: async () => undefined };
  return planComponents({ requests: [request], catalogs, lock: emptyLock, existing, ...options });
}
