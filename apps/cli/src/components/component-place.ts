import type { SourceContext, SourceSpec } from "@glovebox/components";
import { homeFolder } from "../config/home-folder.ts";
import { loadUserConfig } from "../config/user-config.ts";
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
  const { config } = await loadUserConfig(home);
  return {
    specs: componentSources(options.componentsSource ?? [], config, { home, directory: terminal.cwd }),
    context: sourceContext(home, terminal.env, options),
  };
}
