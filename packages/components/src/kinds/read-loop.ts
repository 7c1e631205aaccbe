import { type ComponentKind, componentKinds } from "../component-kind.ts";
import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { emptyContent } from "./empty-content.ts";
import { readFrontMatter } from "./front-matter/front-matter.ts";
import { toolList } from "./front-matter/tool-list.ts";
import { readText } from "./text/read-text.ts";

export interface NeededComponent {
  readonly kind: ComponentKind;
  /** With its category. */
  readonly name: string;
}

/** A loop: a text that says how to repeat a task, which a prompt can name. */
export async function readLoop(input: ComponentInput): Promise<ComponentContent> {
  const bytes = await input.tree.read(input.path);
  const values = readFrontMatter(readText(bytes))?.values ?? {};
  const path = `.claude/loops/${input.baseName}.md`;
  const needed = neededComponents(bytes);
  return {
    ...emptyContent,
    description: typeof values.description === "string" ? values.description : "",
    files: [{ path, mode: 0o644, bytes }],
    warnings: [
      `Claude Code does not read it by itself: name it in the prompt, as @${path}`,
      ...(needed.length === 0 ? [] : [`It brings ${needed.map(({ kind, name }) => `${kind} ${name}`).join(", ")}`]),
    ],
  };
}

/** The components that a loop's front matter names: `components: [agent:category/name, command:category/name]`. */
export function neededComponents(bytes: Uint8Array): NeededComponent[] {
  const values = readFrontMatter(readText(bytes))?.values ?? {};
  return toolList(values.components).map((text) => {
    const [, word = "", name = ""] = /^(\w+):(.+)$/.exec(text) ?? [];
    const kind = componentKinds.find((known) => known === word);
    if (kind === undefined || kind === "loop")
      throw new ComponentRefusal(`names ${JSON.stringify(text)}, which is no kind and name of a component`);
    return { kind, name: name.replace(/\.(md|json)$/, "") };
  });
}
