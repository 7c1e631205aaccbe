import type { RunUsage } from "@glovebox/core";
import type { ModelUsage } from "@glovebox/store";

/** Sums what a run used, by model. */
export function usageByModel({ answers }: RunUsage): readonly ModelUsage[] {
  const models = new Map<string, ModelUsage>();
  for (const { model, input, output, cacheRead, cacheWrite, costUsd } of answers) {
    const sum = models.get(model) ?? { model, input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    const cost = costUsd === undefined ? sum.costUsd : (sum.costUsd ?? 0) + costUsd;
    models.set(model, {
      model,
      input: sum.input + input,
      output: sum.output + output,
      cacheRead: sum.cacheRead + cacheRead,
      cacheWrite: sum.cacheWrite + cacheWrite,
      ...(cost !== undefined && { costUsd: cost }),
    });
  }
  return [...models.values()];
}
