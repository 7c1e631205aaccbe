/** A file that a component puts into the workspace. */
export interface PlacedFile {
  /** Relative to the workspace: `.claude/agents/reviewer.md`. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** A value that somebody has to supply before a component works. */
export interface ComponentVariable {
  /** Of the environment. */
  readonly name: string;
  /** Who asks for it: `MCP server "github"`. */
  readonly neededBy: string;
  readonly secret: boolean;
  /** What is used when it is not set. */
  readonly default?: string;
  /** What the catalog holds in its place: `<YOUR_API_KEY>`. */
  readonly placeholder?: string;
  /** Where it goes, when that is one header of one host: it can be added outside the sandbox instead. */
  readonly credential?: {
    readonly host: string;
    /** 443 unless given. */
    readonly port?: number;
    /** False for a host that is reached without TLS. */
    readonly tls?: false;
    readonly header: string;
    readonly scheme?: string;
  };
}

/** What Claude Code names in its `init` event once the component is loaded. */
export interface ExpectedComponents {
  readonly agents: readonly string[];
  /** As `slash_commands` has them: `category:name` for one in a subfolder. */
  readonly commands: readonly string[];
  readonly skills: readonly string[];
  readonly mcpServers: readonly string[];
}

/** A component, read and checked: what it would install and what it asks for. */
export interface ComponentContent {
  readonly description: string;
  readonly files: readonly PlacedFile[];
  /** Merged into `.claude/settings.local.json`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Merged into `.mcp.json`, by name. */
  readonly mcpServers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly expected: ExpectedComponents;
  /** Claude Code's tools that it names. */
  readonly tools: readonly string[];
  /** Hosts that it speaks to, as far as its files name them. */
  readonly hosts: readonly string[];
  /** Programs that it starts: hooks, MCP servers, status lines. */
  readonly commands: readonly string[];
  readonly variables: readonly ComponentVariable[];
  /** One line each. */
  readonly warnings: readonly string[];
  /** Scripts that it runs and does not bring, relative to the workspace. */
  readonly missingScripts: readonly string[];
}
