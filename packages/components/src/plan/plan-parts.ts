import type {
  AgentPart,
  CommandPart,
  ComponentFile,
  ComponentParts,
  McpServerPart,
  SkillFile,
  SkillPart,
} from "@glovebox/core/harness";
import type { PlacedFile } from "../kinds/component-content.ts";
import { readFrontMatter } from "../kinds/front-matter/front-matter.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "../kinds/text/read-json-object.ts";
import { readText } from "../kinds/text/read-text.ts";
import type { ComponentPlan } from "./component-plan.ts";

/** A plan taken apart, for a harness that has places of its own for components. */
export interface PlanParts {
  readonly parts: ComponentParts;
  /** What they bring beside and keeps its place in the workspace: scripts, and the programs of plugins. */
  readonly files: readonly ComponentFile[];
}

const settings = ".claude/settings.local.json";
const servers = ".mcp.json";

/** Takes a plan apart for a harness that has places of its own. The workspace's own MCP servers are not among its parts. */
export function planParts({ files, expected }: ComponentPlan): PlanParts {
  const agents: AgentPart[] = [];
  const commands: CommandPart[] = [];
  const skills = new Map<string, SkillFile[]>();
  const mcpServers: McpServerPart[] = [];
  const others: ComponentFile[] = [];
  for (const file of files) {
    const [, kind, name = "", inner = ""] =
      /^\.claude\/(agents|commands|skills)\/(?:([^/]+)\/(?=.))?(.+)$/.exec(file.path) ?? [];
    if (file.path === settings) continue;
    if (file.path === servers) mcpServers.push(...serversOf(file, expected.mcpServers));
    else if (kind === "agents") agents.push(agentOf(file));
    else if (kind === "commands") commands.push(commandOf(file, [name, inner].filter(Boolean).join(":")));
    else if (kind === "skills") skills.set(name, [...(skills.get(name) ?? []), { ...file, path: inner }]);
    else others.push(file);
  }
  const skillParts = [...skills].map(([name, all]): SkillPart => ({ name, files: all }));
  return { parts: { agents, commands, skills: skillParts, mcpServers }, files: others };
}

function agentOf({ path, bytes }: PlacedFile): AgentPart {
  const text = readText(bytes);
  const { values = {}, body = text } = readFrontMatter(text) ?? {};
  const own = path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, "");
  const { name = own, description = "" } = values;
  return { name: String(name), description: String(description), instructions: body.trim() };
}

function commandOf({ bytes }: PlacedFile, file: string): CommandPart {
  const text = readText(bytes);
  const { values = {}, body = text } = readFrontMatter(text) ?? {};
  const { description = "" } = values;
  return { name: file.replace(/\.md$/, ""), description: String(description), prompt: body.trim() };
}

function serversOf({ bytes }: PlacedFile, names: readonly string[]): McpServerPart[] {
  const { mcpServers } = readJsonObject(bytes);
  if (!isJsonObject(mcpServers)) return [];
  return Object.entries(mcpServers).flatMap(([name, server]) =>
    names.includes(name) && isJsonObject(server) ? [serverOf(name, server)] : [],
  );
}

/** What `parseMcpServer` has written. */
function serverOf(name: string, { command, args, env, url, type, headers }: JsonObject): McpServerPart {
  const written = { command, args, env, url, transport: url === undefined ? undefined : type, headers };
  const known = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  return { name, ...known };
}
