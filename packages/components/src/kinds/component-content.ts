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
    /** 443 by default. */
    readonly port?: number;
    /** False for a host that is reached without TLS. */
    readonly tls?: false;
    readonly header: string;
    readonly scheme?: string;
    /** The names of the server's other headers, lower case. */
    readonly passHeaders?: readonly string[];
  };
}

/** What Claude Code names in its `init` event once the component is loaded. */
export interface ExpectedComponents {
  readonly agents: readonly string[];
  /** As `slash_commands` has them: `category:name` for one in a subdirectory. */
  readonly commands: readonly string[];
  readonly skills: readonly string[];
  readonly mcpServers: readonly string[];
  /** What its front matter says about it, by kind and name: `agent reviewer`. */
  readonly descriptions: Readonly<Record<string, string>>;
}

/** A program that a component starts, which has to be in the sandbox. */
export interface ComponentProgram {
  /** As it is looked for on PATH, or an absolute path. */
  readonly name: string;
  /** Who starts it: `hook security/guard`. */
  readonly neededBy: string;
  /** Whether it does its work without: then its absence is a warning. */
  readonly optional: boolean;
}

/** A component, read and checked: what it would install and what it asks for. */
export interface ComponentContent {
  readonly description: string;
  readonly files: readonly PlacedFile[];
  /** Merged into `.claude/settings.local.json`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Directories of whole plugins that Claude Code is started with, relative to the workspace. */
  readonly plugins: readonly string[];
  /** Merged into `.mcp.json`, by name. */
  readonly mcpServers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly expected: ExpectedComponents;
  /** What a skill's front matter calls it, beside its directory's name: Claude Code knows it by both. */
  readonly ownName?: string;
  /** Claude Code's tools that it names. */
  readonly tools: readonly string[];
  /** Hosts that it speaks to, as far as its files name them. */
  readonly hosts: readonly string[];
  /** Those of its MCP servers: a run asks whether it may reach them. */
  readonly serverHosts: readonly string[];
  /** Programs that it starts: hooks, MCP servers, status lines. */
  readonly commands: readonly string[];
  readonly programs: readonly ComponentProgram[];
  readonly variables: readonly ComponentVariable[];
  /** Those of its MCP servers: a run finds a value for each. */
  readonly serverVariables: readonly ComponentVariable[];
  /** MCP servers of which one has to be there for it to have a tool; as tools name them. */
  readonly neededServers: readonly string[];
  /** What keeps it from working in a sandbox, although it installs: each completes the sentence "It …". */
  readonly obstacles: readonly string[];
  /** One line each. */
  readonly warnings: readonly string[];
  /** Scripts that it runs and does not bring, relative to the workspace. */
  readonly missingScripts: readonly string[];
}
