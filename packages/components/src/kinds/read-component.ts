import type { ComponentKind } from "../component-kind.ts";
import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { readMcp } from "./mcp/read-mcp.ts";
import { pluginPart } from "./plugin/plugin-part.ts";
import { readAgent } from "./read-agent.ts";
import { readCommand } from "./read-command.ts";
import { readLoop } from "./read-loop.ts";
import { readSkill } from "./read-skill.ts";
import { readSettings } from "./settings/read-settings.ts";

const readers: Readonly<
  Record<Exclude<ComponentKind, "plugin">, (input: ComponentInput) => Promise<ComponentContent>>
> = {
  agent: readAgent,
  command: readCommand,
  mcp: readMcp,
  setting: readSettings,
  hook: readSettings,
  skill: readSkill,
  loop: readLoop,
};

const markdownKinds: ReadonlySet<ComponentKind> = new Set(["agent", "command", "skill"]);

/** Reads a component as its kind. Throws a `ComponentRefusal` when it cannot be installed as that. */
export async function readComponent(
  input: ComponentInput & { readonly kind: Exclude<ComponentKind, "plugin"> },
): Promise<ComponentContent> {
  const content = await readers[input.kind](input);
  return markdownKinds.has(input.kind) ? await pluginPart(input, content) : content;
}
