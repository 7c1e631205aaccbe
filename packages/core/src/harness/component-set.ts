import type { ComponentParts } from "./component-parts.ts";

/** A file that a component puts into the workspace. */
export interface ComponentFile {
  /** Relative to the workspace, with forward slashes: `.claude/agents/reviewer.md`. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** What a harness calls the components that it has loaded. */
export interface ComponentNames {
  readonly agents: readonly string[];
  readonly commands: readonly string[];
  readonly skills: readonly string[];
  readonly mcpServers: readonly string[];
  /**
   * What they say of themselves, by kind and name (`agent reviewer`, `command git:pr`, `skill pdf`), as far as that is known:
   * one of the same name that says something else is another.
   */
  readonly descriptions?: Readonly<Record<string, string>>;
}

/** A program that a component starts: it has to be in the sandbox. */
export interface ComponentProgram {
  /** As it is looked for on PATH, or a path. */
  readonly name: string;
  /** Who starts it, as a message names it. */
  readonly neededBy: string;
  /** Whether the component does its work without: then its absence is a warning. */
  readonly optional: boolean;
}

/** What a run without components expects. */
export const noComponents: ComponentNames = { agents: [], commands: [], skills: [], mcpServers: [] };

/** A component as the run's journal names it. */
export interface ComponentOrigin {
  readonly kind: string;
  readonly name: string;
  /** Where it comes from, without credentials. */
  readonly source: string;
  /** A commit, or `sha256:…` of what has none. */
  readonly revision: string;
  readonly sha256: string;
}

/** What is installed into a workspace before the harness starts. */
export interface ComponentSet {
  /** A file of the workspace's own at the same path is replaced: whoever made the set has merged it in. */
  readonly files: readonly ComponentFile[];
  /** Directories of whole plugins that the harness is started with, relative to the workspace. */
  readonly plugins?: readonly string[];
  /** What the harness has to have loaded before it gets its prompt. */
  readonly expected: ComponentNames;
  /** Looked for before the harness starts; one that is missing and not optional fails the run. */
  readonly programs?: readonly ComponentProgram[];
  /** What they are made of: for a harness that has `places`. */
  readonly parts?: ComponentParts;
  readonly origins: readonly ComponentOrigin[];
}
