import type { ComponentContent } from "./component-content.ts";

/** What each kind begins with. */
export const emptyContent: ComponentContent = {
  description: "",
  files: [],
  settings: {},
  mcpServers: {},
  expected: { agents: [], commands: [], skills: [], mcpServers: [] },
  tools: [],
  hosts: [],
  commands: [],
  variables: [],
  warnings: [],
  missingScripts: [],
};
