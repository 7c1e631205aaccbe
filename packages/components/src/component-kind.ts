/** What can be installed. */
export type ComponentKind = "agent" | "command" | "mcp" | "setting" | "hook" | "skill";

export const componentKinds: readonly ComponentKind[] = ["agent", "command", "mcp", "setting", "hook", "skill"];
