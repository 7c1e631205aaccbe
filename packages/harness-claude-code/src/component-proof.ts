import { setTimeout as wait } from "node:timers/promises";
import { ComponentError, type ComponentNames, type HarnessDialogue } from "@glovebox/core/harness";
import type { ControlAnswer, McpServerStatus } from "./control-answer.ts";
import { serverStderr } from "./server-stderr.ts";

/** How long Claude Code lets an MCP server start: some fetch their program first, and its own limit is 30 seconds. */
export const serverStartMs = 120_000;

const pauseMs = 200;
/** Claude Code gives up on a server by itself; this is for one that does not. */
const mostPauses = (serverStartMs + 30_000) / pauseMs;

type Input = Pick<HarnessDialogue, "write" | "closeInput" | "run">;

/** Asks Claude Code what it has loaded, until it is sure; then sends the prompt, or throws `component`. */
export class ComponentProof {
  readonly #input: Input;
  readonly #prompt: string;
  readonly #expected: ComponentNames;
  readonly #missing: string[] = [];
  #pauses = 0;

  constructor(input: Input, prompt: string, expected: ComponentNames) {
    this.#input = input;
    this.#prompt = prompt;
    this.#expected = expected;
  }

  begin(): Promise<void> {
    return this.#ask("initialize");
  }

  async hear({ subtype, error, response }: ControlAnswer): Promise<void> {
    if (subtype !== "success" || response === undefined)
      throw new ComponentError(`Claude Code does not say what it has loaded: ${error ?? subtype}`);
    const { mcpServers: servers } = response;
    if (servers === undefined) {
      this.#missing.push(...missingNames(response, this.#expected));
      return this.#expected.mcpServers.length === 0 ? await this.#conclude() : await this.#ask("mcp_status");
    }
    if (this.#isStarting(servers)) {
      this.#pauses += 1;
      await wait(pauseMs);
      return await this.#ask("mcp_status");
    }
    for (const name of this.#expected.mcpServers) this.#missing.push(...(await this.#serverProblem(name, servers)));
    await this.#conclude();
  }

  async #conclude(): Promise<void> {
    if (this.#missing.length > 0)
      throw new ComponentError(`Not everything that was named is loaded: ${this.#missing.join("; ")}`, {
        hint: "The prompt was not sent. `glovebox components show NAME` says what a component needs.",
      });
    await this.#send({ type: "user", message: { role: "user", content: this.#prompt } });
    await this.#input.closeInput();
  }

  #isStarting(servers: readonly McpServerStatus[]): boolean {
    if (this.#pauses >= mostPauses) return false;
    return servers.some(({ name, status }) => status === "pending" && this.#expected.mcpServers.includes(name));
  }

  async #serverProblem(name: string, servers: readonly McpServerStatus[]): Promise<string[]> {
    const server = servers.find((one) => one.name === name);
    if (server === undefined) return [`MCP server ${JSON.stringify(name)} is not known to Claude Code`];
    if (server.status === "connected") return [];
    const reasons: Readonly<Record<string, string>> = {
      pending: "it takes too long to start",
      "needs-auth": "it wants a login",
      disabled: "the settings turn it off",
    };
    const reason = server.error ?? reasons[server.status] ?? server.status;
    const said = server.status === "failed" ? await serverStderr(this.#input, name) : "";
    return [`MCP server ${JSON.stringify(name)} does not start: ${reason}${said === "" ? "" : `; it said: ${said}`}`];
  }

  #ask(subtype: "initialize" | "mcp_status"): Promise<void> {
    return this.#send({ type: "control_request", request_id: `${subtype}-${this.#pauses}`, request: { subtype } });
  }

  #send(message: unknown): Promise<void> {
    return this.#input.write(`${JSON.stringify(message)}\n`);
  }
}

/** A skill is among the commands, by its front matter's name or by its folder's. */
function missingNames(
  { agents = [], commands = [] }: NonNullable<ControlAnswer["response"]>,
  expected: ComponentNames,
): string[] {
  const known = new Set(commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  const agentNames = new Set(agents.map(({ name }) => name));
  const missing = (kind: string, names: readonly string[], there: ReadonlySet<string>): string[] =>
    names.filter((name) => !there.has(name)).map((name) => `Claude Code does not list ${kind} ${JSON.stringify(name)}`);
  return [
    ...missing("the agent", expected.agents, agentNames),
    ...missing("the command", expected.commands, known),
    ...missing("the skill", expected.skills, known),
  ];
}
