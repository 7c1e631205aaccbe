import { setTimeout as wait } from "node:timers/promises";
import { ComponentError, type ComponentNames, type HarnessDialogue, type HarnessTask } from "@glovebox/core/harness";
import { type ListedCommand, promptText } from "../headless/prompt-text.ts";
import { modelEnvironmentWarnings, modelSettingsWarnings, type SettingsSource } from "../model/model-settings.ts";
import type { ControlAnswer, McpServerStatus } from "./control-answer.ts";
import { missingNames } from "./missing-names.ts";
import { offersOtherThings } from "./offers-other-things.ts";
import { serverStderr } from "./server-stderr.ts";

/** How long Claude Code lets an MCP server start: some fetch their program first, and its own limit is 30 seconds. */
export const serverStartMs = 120_000;

const pauseMs = 200;
/** Claude Code has its own time limit for a server; this bounds the wait when that one fails. */
const mostPauses = (serverStartMs + 30_000) / pauseMs;

/** For one that is connected and has not yet said what tools it has. */
const mostToolPauses = 5000 / pauseMs;

/** Why a server does not start, by the status that Claude Code gives it. */
const startFailures: ReadonlyMap<string, string> = new Map([
  ["pending", "it takes too long to start"],
  ["needs-auth", "it wants a login"],
  ["disabled", "the settings turn it off"],
]);

type Input = Pick<HarnessDialogue, "write" | "closeInput" | "run" | "refusedHosts" | "warn">;

/**
 * Asks Claude Code what it has loaded, until it is sure, and says what of its settings would move the model; then sends the
 * prompt, or throws `component`.
 */
export class ComponentProof {
  readonly #input: Input;
  readonly #prompt: string;
  readonly #expected: ComponentNames;
  /** Questions of the agent are answered on the input. */
  readonly #staysOpen: boolean;
  readonly #missing: string[] = [];
  #commands: readonly ListedCommand[] = [];
  #environment: Promise<string> | undefined;
  #pauses = 0;

  constructor(
    input: Input,
    { prompt, asksPermission }: Pick<HarnessTask, "prompt" | "asksPermission">,
    expected: ComponentNames,
  ) {
    this.#input = input;
    this.#prompt = prompt;
    this.#staysOpen = asksPermission === true;
    this.#expected = expected;
  }

  begin(): Promise<void> {
    this.#environment = printedEnvironment(this.#input);
    return this.#ask("initialize");
  }

  async hear({ request_id: id, subtype, error, response }: ControlAnswer): Promise<void> {
    // A version that cannot tell its settings is kept to the run's model all the same.
    if (id.startsWith("get_settings")) return await this.#hearSettings(response?.sources ?? []);
    if (subtype !== "success" || response === undefined)
      throw new ComponentError(`Claude Code does not say what it has loaded: ${error ?? subtype}`);
    const { mcpServers: servers } = response;
    if (servers === undefined) {
      this.#missing.push(...missingNames(response, this.#expected));
      this.#commands = response.commands ?? [];
      return await this.#ask("get_settings");
    }
    if (this.#isStarting(servers)) {
      this.#pauses += 1;
      await wait(pauseMs);
      return await this.#ask("mcp_status");
    }
    for (const name of this.#expected.mcpServers) this.#missing.push(...(await this.#serverProblem(name, servers)));
    const refused = this.#input.refusedHosts?.() ?? [];
    if (this.#missing.length > 0 && refused.length > 0)
      this.#missing.push(`hosts that the sandbox asked for meanwhile and may not reach: ${refused.join(", ")}`);
    await this.#conclude();
  }

  async #hearSettings(sources: readonly SettingsSource[]): Promise<void> {
    const environment = modelEnvironmentWarnings((await this.#environment) ?? "");
    for (const message of [...environment, ...modelSettingsWarnings(sources)])
      this.#input.warn("model-settings", message);
    return this.#expected.mcpServers.length === 0 ? await this.#conclude() : await this.#ask("mcp_status");
  }

  async #conclude(): Promise<void> {
    if (this.#missing.length > 0)
      throw new ComponentError(`Not everything that was named is loaded: ${this.#missing.join("; ")}`, {
        hint: "The prompt was not sent. `glovebox components show NAME` says what a component needs.",
      });
    const content = promptText(this.#prompt, this.#commands);
    await this.#send({ type: "user", message: { role: "user", content } });
    if (!this.#staysOpen) await this.#input.closeInput();
  }

  #isStarting(servers: readonly McpServerStatus[]): boolean {
    if (this.#pauses >= mostPauses) return false;
    return servers.some(
      ({ name, status, tools }) =>
        this.#expected.mcpServers.includes(name) &&
        (status === "pending" || (this.#pauses < mostToolPauses && status === "connected" && tools?.length === 0)),
    );
  }

  async #serverProblem(name: string, servers: readonly McpServerStatus[]): Promise<string[]> {
    const server = servers.find((one) => one.name === name);
    if (server === undefined) return [`MCP server ${JSON.stringify(name)} is not known to Claude Code`];
    if (server.status === "connected") {
      if (server.tools?.length !== 0 || (await offersOtherThings(this.#input, name))) return [];
      return [`MCP server ${JSON.stringify(name)} starts and offers nothing`];
    }
    const reason = server.error ?? startFailures.get(server.status) ?? server.status;
    const said = server.status === "failed" ? await serverStderr(this.#input, name) : "";
    return [`MCP server ${JSON.stringify(name)} does not start: ${reason}${said === "" ? "" : `; it said: ${said}`}`];
  }

  #ask(subtype: "initialize" | "get_settings" | "mcp_status"): Promise<void> {
    return this.#send({ type: "control_request", request_id: `${subtype}-${this.#pauses}`, request: { subtype } });
  }

  #send(message: unknown): Promise<void> {
    return this.#input.write(`${JSON.stringify(message)}\n`);
  }
}

/** What every program in the sandbox has in its environment; empty where it cannot be read. */
async function printedEnvironment({ run }: Input): Promise<string> {
  try {
    return await run(["env", "-0"]);
  } catch {
    // What the pin replaces is replaced without a word then.
    return "";
  }
}
