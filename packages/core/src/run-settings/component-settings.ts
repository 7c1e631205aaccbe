import type { RunSetting } from "./run-setting.ts";

/** Which components are installed, and where they come from. */
export const componentSettings = {
  agent: {
    type: "list",
    group: "components",
    value: "names",
    help: "sub-agents from a catalog, or ./files, separated by commas (repeatable)",
    brief: "sub-agents from a catalog, or ./files",
  },
  command: {
    type: "list",
    group: "components",
    value: "names",
    help: "slash commands, separated by commas (repeatable)",
  },
  mcp: {
    type: "list",
    group: "components",
    value: "names",
    help: "MCP servers, separated by commas (repeatable)",
    brief: "MCP servers from a catalog",
  },
  setting: { type: "list", group: "components", value: "names", help: "settings, separated by commas (repeatable)" },
  hook: { type: "list", group: "components", value: "names", help: "hooks, separated by commas (repeatable)" },
  skill: {
    type: "list",
    group: "components",
    value: "names",
    help: "skills, or ./directories, separated by commas (repeatable)",
    brief: "skills from a catalog, or ./directories",
  },
  plugin: {
    type: "list",
    group: "components",
    value: "names",
    help: "whole plugins, or ./directories, separated by commas (repeatable)",
  },
  loop: {
    type: "list",
    group: "components",
    value: "names",
    help: "loops, with the components that they name, separated by commas (repeatable)",
  },
  componentsSource: {
    type: "list",
    group: "components",
    value: "[name=]source",
    help: "additional component catalog: github:owner/repository, a git URL, an archive or a directory (repeatable)",
    user: "components.sources",
    userType: "pairs",
  },
  offline: { type: "switch", group: "components", help: "use only components that were fetched before" },
  verbose: {
    type: "switch",
    group: "components",
    help: "show where each component comes from, full hashes, and every step",
  },
} as const satisfies Readonly<Record<string, RunSetting>>;
