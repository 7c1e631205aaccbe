import type { ComponentContent } from "./component-content.ts";

/** What each kind begins with. */
export const emptyContent: ComponentContent = {
  description: "",
  files: [],
  settings: {},
  plugins: [],
  mcpServers: {},
  expected: { agents: [], commands: [], skills: [], mcpServers: [], descriptions: {} },
  tools: [],
  hosts: [],
  serverHosts: [],
  commands: [],
  programs: [],
  variables: [],
  serverVariables: [],
  neededServers: [],
  obstacles: [],
  warnings: [],
  missingScripts: [],
};
