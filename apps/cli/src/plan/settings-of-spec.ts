import { resolve } from "node:path";
import { defaultIgnores, type RunSpec } from "@glovebox/core";
import { dropUndefined } from "@glovebox/core/provider";
import { specSettings } from "@glovebox/core/run-settings";
import type { RunTemplate } from "../templates/run-template.ts";
import { parseLabel } from "./assignments.ts";
import { parseMount } from "./mount-option.ts";
import type { ResolveRunInput } from "./run-plan.ts";
import type { RunSources } from "./run-sources.ts";

/** The parts of a run's spec that follow from its settings alone. */
export function settingsOfSpec(
  { prompt, options, extraArgs, jsonSchema, directory }: ResolveRunInput,
  { settings, user }: RunSources,
  { base, start }: RunTemplate,
  runId: string,
): Omit<RunSpec, "provider" | "harness" | "home" | "credential"> {
  const spec = specSettings(settings);
  return {
    rootInside: false,
    keep: false,
    ...spec,
    task: { prompt, ...spec.task, ...dropUndefined({ jsonSchema }), ...(extraArgs.length === 0 ? {} : { extraArgs }) },
    base,
    ...dropUndefined({ start }),
    ...(settings.addDir === undefined
      ? {}
      : { addedDirectories: settings.addDir.map((path) => resolve(directory, path)) }),
    outputDirectory: resolve(directory, settings.output ?? `sandbox-${runId}`),
    labels: { ...user.label, ...Object.fromEntries((options.label ?? []).map(parseLabel)) },
    mounts: (settings.mount ?? []).map((text) => parseMount(text, directory)),
    ignore: [...defaultIgnores, ...(settings.ignore ?? [])],
  };
}
