import type { ComponentContent } from "../kinds/component-content.ts";
import { foldedName } from "./folded-name.ts";

interface Named {
  readonly label: string;
  readonly kind: string;
  /** What it is called as a file or directory inside. */
  readonly installName: string;
  readonly content: ComponentContent;
}

export interface NameTwin<T> {
  readonly component: T;
  /** What it is to be called instead. */
  readonly calledName: string;
  /** One line: what it was called, and who has that name. */
  readonly reason: string;
}

/**
 * The agents and skills whose front matter gives them a name that an earlier component has. Claude Code loads one agent
 * of a name, and calls one of several commands and skills: each gets a name of its own.
 */
export function nameTwins<T extends Named>(components: readonly T[]): NameTwin<T>[] {
  const agents = new Map<string, T>();
  const called = new Map<string, T>();
  for (const component of components)
    if (component.kind === "command" || component.kind === "skill")
      called.set(foldedName(component.installName.replaceAll("/", ":")), component);
  const twins: NameTwin<T>[] = [];
  for (const component of components) {
    const [agent] = component.content.expected.agents;
    const name = component.kind === "agent" ? agent : component.content.ownName;
    const known = component.kind === "agent" ? agents : called;
    if (name === undefined) continue;
    const owner = known.get(foldedName(name));
    const isTaken = owner !== undefined && owner !== component;
    const calledName = isTaken ? freeName(component, known) : name;
    known.set(foldedName(calledName), component);
    if (isTaken)
      twins.push({
        component,
        calledName,
        reason: `It is called ${JSON.stringify(calledName)} inside: ${owner.label} has the name ${JSON.stringify(name)}`,
      });
  }
  return twins;
}

function freeName<T extends Named>(component: T, known: ReadonlyMap<string, T>): string {
  const category = component.label.replace(/^\w+ /, "").replace(/[/:]/g, "-");
  const isFree = (name: string): boolean => (known.get(foldedName(name)) ?? component) === component;
  if (isFree(component.installName)) return component.installName;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? category : `${category}-${count}`;
    if (isFree(name)) return name;
  }
}
