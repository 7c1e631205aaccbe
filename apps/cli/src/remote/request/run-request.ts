import type { RunRequest } from "@glovebox/client";
import { componentKinds } from "@glovebox/components";
import type { JsonSchema } from "@glovebox/core/harness";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { parseCommas, runSettings, specSettings } from "@glovebox/core/run-settings";
import { safeName } from "@glovebox/core/text";
import { namedComponents } from "../../components/component-options.ts";
import type { RunOptions } from "../../config/run-options.ts";
import { parseLabel } from "../../plan/assignments.ts";
import type { RunSources } from "../../plan/run-sources.ts";

/** The part of a request that is neither the prompt nor the files. */
export type RequestSettings = Omit<RunRequest, "prompt" | "workspace">;

export interface RequestInput {
  readonly options: RunOptions;
  readonly sources: RunSources;
  readonly env: Readonly<Record<string, string>>;
  readonly extraArgs: readonly string[];
  readonly jsonSchema: JsonSchema | undefined;
}

/** A component of a catalog: what the server's disk or this machine's has is not named. */
const componentName = /^\w[\w.-]*([:/][\w.-]*\w)*$/;

/** The settings of a run as a server takes them. */
export function requestSettings({ options, sources, env, extraArgs, jsonSchema }: RequestInput): RequestSettings {
  const { settings, user } = sources;
  const {
    task,
    resources,
    limits,
    history: _,
    overwrite: __,
    leaseMs: ___,
    prices: ____,
    ...rest
  } = specSettings(settings);
  const { harness, provider, image, template } = options;
  const components = requestedComponents(options);
  const labels = { ...user.label, ...Object.fromEntries((options.label ?? []).map(parseLabel)) };
  return {
    ...dropUndefined({ ...rest, ...task, harness, provider, image, template, jsonSchema }),
    network: {
      mode: settings.network ?? runSettings.network.default,
      allow: [...(options.allowHost ?? []), ...(user.allowHost ?? [])],
    },
    ...(extraArgs.length === 0 ? {} : { extraArgs: [...extraArgs] }),
    ...(components.length === 0 ? {} : { components }),
    ...unlessEmpty({ env, labels, resources, limits }),
    ...(settings.ignore === undefined ? {} : { ignore: [...settings.ignore] }),
  } as RequestSettings;
}

function unlessEmpty(groups: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => Object.keys(group).length > 0));
}

function requestedComponents(options: RunOptions): NonNullable<RunRequest["components"]> {
  const named = namedComponents(options);
  return componentKinds.flatMap((kind) =>
    (named[kind] ?? []).flatMap(parseCommas).map((name) => {
      if (componentName.test(name)) return { kind, name };
      throw new InvalidOptionsError(
        `--${kind} ${safeName(name)} is a file of this machine, which a server cannot install`,
        {
          hint: "Name a component of one of the server's catalogs.",
        },
      );
    }),
  );
}
