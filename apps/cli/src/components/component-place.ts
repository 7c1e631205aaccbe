import { join } from "node:path";
import type { SourceContext, SourceSpec } from "@glovebox/components";
import { readHostText } from "@glovebox/core/host-files";
import { stateDirectory } from "@glovebox/core/state";
import type { UserConfig } from "../config/user-config.ts";
import type { Terminal } from "../terminal.ts";
import { type ComponentOptions, sourceContext } from "./component-options.ts";
import { componentSources } from "./component-sources.ts";

/** The catalogs that a command looks in, and how they are fetched. */
export interface ComponentPlace {
  readonly specs: readonly SourceSpec[];
  readonly context: SourceContext;
}

export async function componentPlace(options: ComponentOptions, terminal: Terminal): Promise<ComponentPlace> {
  const home = stateDirectory(terminal.env);
  return {
    specs: componentSources(options.componentsSource ?? [], await userConfig(home), { home, directory: terminal.cwd }),
    context: sourceContext(home, terminal.env, options),
  };
}

/** The configuration, as far as it names catalogs. */
async function userConfig(home: string): Promise<UserConfig> {
  const text = await readHostText(join(home, "config.json"));
  const plain = text === undefined ? {} : plainConfig(text);
  if (plain !== undefined) return plain;
  const { loadUserConfig } = await import("../config/user-config.ts");
  return (await loadUserConfig(home)).config;
}

/**
 * The catalogs of a configuration, where they are plainly written; `undefined` where somebody has to look closer. What
 * checks a whole configuration takes longer to load than a search takes.
 */
function plainConfig(text: string): UserConfig | undefined {
  try {
    const config: unknown = JSON.parse(text);
    if (!isTable(config)) return undefined;
    const { components = {} } = config;
    if (!isTable(components)) return undefined;
    const { sources = {}, ...unknown } = components;
    if (!isTable(sources) || Object.keys(unknown).length > 0) return undefined;
    const named = Object.entries(sources).flatMap(([name, source]) =>
      typeof source === "string" ? [[name, source] as const] : [],
    );
    const isWhole = named.length === Object.keys(sources).length;
    return isWhole ? { componentsSource: Object.fromEntries(named) } : undefined;
  } catch {
    // No JSON: the closer look says so.
    return undefined;
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
