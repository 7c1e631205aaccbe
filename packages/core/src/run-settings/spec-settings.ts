import type { RunSpec } from "../run/run-spec.ts";
import type { RunSetting } from "./run-setting.ts";
import { type RunSettingName, runSettings } from "./run-settings.ts";
import type { ResolvedSettings } from "./setting-values.ts";

/** The parts of a `RunSpec` that are settings by themselves, needing nothing but their value. */
export type SpecSettings = Pick<
  RunSpec,
  | "timeoutMs"
  | "idleTimeoutMs"
  | "leaseMs"
  | "maxCostUsd"
  | "maxTokens"
  | "maxCostPerAgentUsd"
  | "maxTokensPerAgent"
  | "strictBudget"
  | "prices"
  | "history"
  | "overwrite"
  | "keep"
  | "keepSnapshot"
  | "interactive"
  | "rootInside"
> & {
  readonly task: Omit<RunSpec["task"], "prompt">;
  readonly resources: NonNullable<RunSpec["resources"]>;
  readonly limits: NonNullable<RunSpec["limits"]>;
};

/** Puts each setting in its place in a `RunSpec`, in the unit that it has there. */
export function specSettings(settings: ResolvedSettings): SpecSettings {
  const spec: Record<string, unknown> = { task: {}, resources: {}, limits: {} };
  for (const [name, setting] of Object.entries<RunSetting>(runSettings)) {
    const value = settings[name as keyof ResolvedSettings];
    if (setting.spec === undefined || value === undefined) continue;
    const [first = "", inner] = setting.spec.split(".");
    const scaled = typeof value === "number" ? value * (setting.specFactor ?? 1) : value;
    if (inner === undefined) spec[first] = scaled;
    else spec[first] = { ...(spec[first] as object), [inner]: scaled };
  }
  // The table's paths are those of a `RunSpec`.
  return spec as unknown as SpecSettings;
}

/** The setting whose place in a `RunSpec` is this path: `resources.memoryMiB`, or its last part alone. */
export function settingOfSpec(path: string): RunSettingName | undefined {
  return (Object.entries<RunSetting>(runSettings).find(([, { spec }]) => spec === path || spec?.endsWith(`.${path}`)) ??
    [])[0] as RunSettingName | undefined;
}
