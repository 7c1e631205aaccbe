/** The kinds of components, in the order in which they are listed. */
export const componentKinds = ["agent", "command", "mcp", "setting", "hook", "skill", "plugin", "loop"] as const;

/** What can be installed. */
export type ComponentKind = (typeof componentKinds)[number];
