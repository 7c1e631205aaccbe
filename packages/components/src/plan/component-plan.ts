import type { ComponentKind } from "../component-kind.ts";
import type {
  ComponentProgram,
  ComponentVariable,
  ExpectedComponents,
  PlacedFile,
} from "../kinds/component-content.ts";
import type { ComponentLock } from "../lock/component-lock.ts";

/** A component as a plan holds it: what a user wants to know before it runs. */
export interface PlannedComponent {
  readonly kind: ComponentKind;
  /** With its category. */
  readonly name: string;
  /** As `formatSource` writes it, without credentials. */
  readonly source: string;
  /** A commit, or `sha256:…` of what has none. */
  readonly revision: string;
  /** Of the source's files that it is made of. */
  readonly sha256: string;
  readonly description: string;
  /** The paths that it writes; merged files are not among them. */
  readonly files: readonly string[];
  readonly tools: readonly string[];
  readonly hosts: readonly string[];
  /** Those of its MCP servers. */
  readonly serverHosts: readonly string[];
  readonly commands: readonly string[];
  readonly programs: readonly ComponentProgram[];
  readonly variables: readonly ComponentVariable[];
  /** Those of its MCP servers. */
  readonly serverVariables: readonly ComponentVariable[];
  readonly warnings: readonly string[];
}

/** What would be written into a workspace, and what to know of it first. */
export interface ComponentPlan {
  /** In the order of their paths; `.mcp.json` and `.claude/settings.local.json` as a whole, merged. */
  readonly files: readonly PlacedFile[];
  readonly components: readonly PlannedComponent[];
  /** Directories of whole plugins, relative to the workspace: Claude Code is started with each. */
  readonly plugins: readonly string[];
  /** What Claude Code has to name in its `init` event. */
  readonly expected: ExpectedComponents;
  /** Each a sentence that names both sides. In `files` the later one stands. */
  readonly conflicts: readonly string[];
  /** False when there are conflicts and nobody accepted that the later one stands. */
  readonly installable: boolean;
  /** The warnings of every component, with its name. */
  readonly warnings: readonly string[];
  /** The lock with these components pinned. Those of local files are not in it. */
  readonly lock: ComponentLock;
}
