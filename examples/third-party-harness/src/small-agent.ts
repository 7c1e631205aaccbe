import { readFileSync } from "node:fs";
import {
  agentOutcome,
  type CredentialSpec,
  type Harness,
  type HarnessPlugin,
  type HarnessTask,
  type ModelEndpoint,
} from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { parseEvents } from "./parse-events.ts";
import { parseSettings, type SmallAgentSettings } from "./small-agent-settings.ts";

/** What the agent finds beside Node: a compiler for the TypeScript that it writes. */
const typescriptVersion = "5.9.3";

const endpoint: ModelEndpoint = {
  id: "anthropic",
  upstream: "https://api.anthropic.com",
  baseUrlVariable: "ANTHROPIC_BASE_URL",
  // All else is refused at the gateway, with or without a key.
  paths: [{ method: "POST", path: "/v1/messages" }],
  api: "anthropic-messages",
};

const credential: CredentialSpec = {
  variable: "ANTHROPIC_API_KEY",
  kind: "api-key",
  endpointId: endpoint.id,
  header: "x-api-key",
  placeholder: "glovebox-placeholder",
};

const defaultMaxTurns = 50;

/** The agent as a harness. Throws `invalid-options` for settings that are wrong. */
export function createSmallAgent(options: SmallAgentSettings = {}): Harness {
  const settings = parseSettings(options);
  return {
    specificationVersion: 1,
    id: "small-agent",
    endpoints: [endpoint],
    credentials: [credential],
    template: () => ({
      id: "small-agent",
      npmPackage: "typescript",
      npmVersion: typescriptVersion,
      check: { argv: ["tsc", "--version"], prints: typescriptVersion },
    }),
    command: (task) => {
      refuseUnknown(task);
      const options = {
        model: task.model ?? settings.model,
        maxTurns: task.maxTurns ?? defaultMaxTurns,
        maxTokens: settings.maxTokens,
        system: task.appendSystemPrompt,
      };
      return {
        // The program travels with the command: nothing of it has to be in the template. The prompt never does.
        argv: ["node", "--input-type=module", "--eval", agentProgram(), JSON.stringify(options)],
        stdin: Buffer.from(task.prompt),
        env: {},
        cwd: task.workspaceDir,
      };
    },
    parse: parseEvents,
    outcome: agentOutcome({ agent: "The small agent", program: "node" }),
    interrupt: (process) => process.kill("SIGTERM"),
  };
}

/** Loads the harness by the package's name or its path. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: (settings) => createSmallAgent(parseSettings(settings)),
};

function agentProgram(): string {
  return readFileSync(new URL("./agent.mjs", import.meta.url), "utf8");
}

/** What was asked for and cannot be done is refused, and never left out in silence. */
function refuseUnknown({ extraArgs = [], allowedTools = [], maxBudgetUsd }: HarnessTask): void {
  const what =
    (extraArgs.length > 0 && "arguments after --") ||
    (allowedTools.length > 0 && "a list of allowed tools") ||
    (maxBudgetUsd !== undefined && "a budget of its own");
  if (what) throw new InvalidOptionsError(`The small agent knows no ${what.replace(/^an? /, "")}`);
}
