import { InvalidOptionsError } from "../errors/index.ts";
import type { ComponentParts } from "./component-parts.ts";
import type { ComponentFile } from "./component-set.ts";
import type { Harness } from "./harness.ts";

/** The kinds of components that a harness may have a place for without a proof that they are loaded. */
export type PlacedKind = "agent" | "command" | "mcp" | "skill";

/**
 * Where a harness has places for components. They are installed, and whether the harness loads them is not proven: its task
 * has them as `components`, so that its command and its own files can name them.
 */
export interface ComponentPlaces {
  readonly kinds: readonly PlacedKind[];
  /** What a user can do instead of a kind that has no place: a whole sentence, by kind. */
  readonly instead?: Readonly<Partial<Record<string, string>>>;
  /**
   * The files that go into the workspace for the parts, of which nothing that the run leaves as it was comes back. Does no I/O.
   * Throws `invalid-options` for a part that has no place, such as a transport that the program does not speak.
   */
  files(parts: ComponentParts): readonly ComponentFile[];
}

const words: Readonly<Record<string, string>> = {
  agent: "agents",
  command: "slash commands",
  mcp: "MCP servers",
  setting: "settings of Claude Code",
  hook: "hooks",
  skill: "skills",
  plugin: "plugins",
  loop: "loops",
};

/** Throws `invalid-options`, with every kind that the harness has no place for, unless it takes all of them. */
export function assertPlaces(harness: Harness, kinds: Iterable<string>): void {
  const { places } = harness;
  if (places === undefined && harness.components !== undefined) return;
  const refused = [...new Set(kinds)].filter((kind) => !places?.kinds.some((known) => known === kind));
  if (refused.length === 0) return;
  const named = refused.map((kind) => words[kind] ?? kind);
  const instead = refused.flatMap((kind) => places?.instead?.[kind] ?? []);
  throw new InvalidOptionsError(`The harness ${harness.id} has no place for ${joined(named, "or")}`, {
    hint: [
      `Leave ${joined(
        refused.map((kind) => `--${kind}`),
        "and",
      )} out.`,
      ...instead,
    ].join(" "),
  });
}

function joined(names: readonly string[], word: string): string {
  return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(` ${word} `);
}
