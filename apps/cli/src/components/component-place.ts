import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SourceContext, SourceSpec } from "@glovebox/components";
import { homeFolder } from "../config/home-folder.ts";
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
  const home = homeFolder(terminal.env);
  return {
    specs: componentSources(options.componentsSource ?? [], await userConfig(home), { home, directory: terminal.cwd }),
    context: sourceContext(home, terminal.env, options),
  };
}

/** What checks a configuration takes longer to load than a search takes: where there is none, it is not. */
async function userConfig(home: string): Promise<UserConfig> {
  if (!existsSync(join(home, "config.json"))) return {};
  const { loadUserConfig } = await import("../config/user-config.ts");
  return (await loadUserConfig(home)).config;
}
