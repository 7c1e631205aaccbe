import { join } from "node:path";
import type { ComponentKind, SourceContext } from "@glovebox/components";
import type { Environment } from "../terminal.ts";

/** The options about components. */
export interface ComponentOptions {
  readonly agent?: readonly string[];
  readonly command?: readonly string[];
  readonly mcp?: readonly string[];
  readonly setting?: readonly string[];
  readonly hook?: readonly string[];
  readonly skill?: readonly string[];
  readonly plugin?: readonly string[];
  readonly loop?: readonly string[];
  readonly componentsSource?: readonly string[];
  readonly offline?: boolean;
  readonly verbose?: boolean;
}

/** The components that are named, by kind. */
export function namedComponents(options: ComponentOptions): Partial<Record<ComponentKind, readonly string[]>> {
  const { agent = [], command = [], mcp = [], setting = [], hook = [], skill = [], plugin = [], loop = [] } = options;
  return { agent, command, mcp, setting, hook, skill, plugin, loop };
}

export function sourceContext(home: string, env: Environment, options: ComponentOptions): SourceContext {
  return { cacheDir: join(home, "components"), env, ...(options.offline ? { offline: true } : {}) };
}

export const lockName = "glovebox.lock";
