/** An agent with instructions of its own. */
export interface AgentPart {
  readonly name: string;
  /** When it is used. */
  readonly description: string;
  readonly instructions: string;
}

/** A prompt that a user sends by its name. */
export interface CommandPart {
  /** With its category: `git:pr`. */
  readonly name: string;
  /** Empty where it says nothing about itself. */
  readonly description: string;
  readonly prompt: string;
}

/** A file of a skill. */
export interface SkillFile {
  /** Relative to the skill's directory, with forward slashes: `SKILL.md`, `scripts/check.sh`. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** Instructions with files of their own, which the agent reads when they apply. */
export interface SkillPart {
  readonly name: string;
  /** `SKILL.md` with YAML front matter is one of them. */
  readonly files: readonly SkillFile[];
}

/**
 * An MCP server. Every text may hold `${NAME}` and `${NAME:-default}`: variables of the harness's environment, where secrets are.
 * It has either a `command` or a `url`.
 */
export interface McpServerPart {
  readonly name: string;
  /** Of a server that is started in the sandbox: one program, and what it gets. */
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  /** How a server with a URL is spoken to. */
  readonly transport?: "http" | "sse" | "ws";
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a run's components are made of, without the form of any harness. */
export interface ComponentParts {
  readonly agents: readonly AgentPart[];
  readonly commands: readonly CommandPart[];
  readonly skills: readonly SkillPart[];
  readonly mcpServers: readonly McpServerPart[];
}

/** The parts of a run without components. */
export const noParts: ComponentParts = { agents: [], commands: [], skills: [], mcpServers: [] };
