import type { ComponentKind } from "../component-kind.ts";
import type { ComponentProgram } from "../kinds/component-content.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import type { Catalog } from "./catalog.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { readEntry } from "./read-entry.ts";

/** What a check of a catalog found out about one component. */
export interface CheckedComponent {
  readonly kind: ComponentKind;
  /** With its category. */
  readonly name: string;
  /** `elsewhere` is a plugin of another repository, which is not looked at. */
  readonly state: "works" | "refused" | "unable" | "elsewhere";
  /** Why, each as the end of the sentence "It …". */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  /** What it starts, which a sandbox has to have. */
  readonly programs: readonly ComponentProgram[];
}

/** Reads every component of a catalog as an installation would: which are refused, and which install and cannot work. */
export async function checkCatalog(catalog: Catalog): Promise<CheckedComponent[]> {
  const tree = await catalog.tree();
  const checked: CheckedComponent[] = [];
  for (const entry of catalog.entries) {
    const { kind, name } = entry;
    if (entry.external !== undefined)
      checked.push({ kind, name, state: "elsewhere", reasons: [], warnings: [], programs: [] });
    else checked.push({ kind, name, ...(await check(tree, entry)) });
  }
  return checked;
}

async function check(
  tree: Awaited<ReturnType<Catalog["tree"]>>,
  entry: CatalogEntry,
): Promise<Omit<CheckedComponent, "kind" | "name">> {
  try {
    const { content } = await readEntry(tree, entry);
    const missing = content.missingScripts.map((path) => `runs ${path}, which its source does not hold`);
    const reasons = [...missing, ...content.obstacles];
    return {
      state: reasons.length === 0 ? "works" : "unable",
      reasons,
      warnings: content.warnings,
      programs: content.programs,
    };
  } catch (error) {
    if (!(error instanceof ComponentRefusal)) throw error;
    return { state: "refused", reasons: [error.reason], warnings: [], programs: [] };
  }
}
