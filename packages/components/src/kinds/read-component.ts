import type { ComponentKind } from "../component-kind.ts";
import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { readAgent } from "./read-agent.ts";
import { readCommand } from "./read-command.ts";
import { readMcp } from "./read-mcp.ts";
import { readSettings } from "./read-settings.ts";
import { readSkill } from "./read-skill.ts";

const readers: Readonly<Record<ComponentKind, (input: ComponentInput) => Promise<ComponentContent>>> = {
  agent: readAgent,
  command: readCommand,
  mcp: readMcp,
  setting: readSettings,
  hook: readSettings,
  skill: readSkill,
};

/** Reads a component as its kind. Throws a `ComponentRefusal` when it cannot be installed as that. */
export function readComponent(input: ComponentInput): Promise<ComponentContent> {
  return readers[input.kind](input);
}
