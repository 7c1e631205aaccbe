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
}

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
  /** What the harness has to have loaded before it gets its prompt. */
  readonly expected: ComponentNames;
  readonly origins: readonly ComponentOrigin[];
}
