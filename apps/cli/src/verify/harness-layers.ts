import type { TemplateLayer } from "@glovebox/core/provider";
import { loadRunHarness } from "../config/plugins.ts";

/**
 * What the sandbox of a run was created from beside its image: a template that exists already. None for a harness that was given by
 * a path and cannot be found again: nothing of it is needed to verify.
 */
export async function harnessLayers(
  harness: string,
  input: Omit<Parameters<typeof loadRunHarness>[0], "options">,
): Promise<readonly TemplateLayer[]> {
  try {
    return [(await loadRunHarness({ ...input, options: { harness } })).template()];
  } catch {
    return [];
  }
}
