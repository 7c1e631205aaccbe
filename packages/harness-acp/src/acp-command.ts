import type { ComponentPlaces, HarnessCommand, HarnessTask } from "@glovebox/core/harness";
import { InvalidOptionsError, sandboxUser } from "@glovebox/core/provider";
import type { AgentProfile } from "./profile/agent-profile.ts";
import { profileEndpoint } from "./profile/profile-endpoint.ts";

export interface CommandOptions {
  readonly profile: AgentProfile;
  /** As messages name the agent. */
  readonly name: string;
  readonly pathToBinary?: string | undefined;
}

type Values = Readonly<Record<"modelUrl" | "key" | "model" | "home" | "workspace", string>>;

/** What is started in the sandbox for a task. What the protocol or the profile has no place for is `invalid-options`. */
export function acpCommand(task: HarnessTask, options: CommandOptions): HarnessCommand {
  checkTask(task, options);
  const { profile, pathToBinary } = options;
  const { endpoint, credentials } = profileEndpoint(profile);
  const place = (modelUrl: string) => {
    const values: Values = {
      modelUrl,
      key: credentials[0].placeholder,
      model: task.model ?? profile.model ?? "",
      home: sandboxUser.home,
      workspace: task.workspaceDir,
    };
    const [program, ...args] = profile.command.map((text) => fill(text, values));
    return {
      argv: [pathToBinary ?? program ?? "", ...args, ...(task.extraArgs ?? [])] as [string, ...string[]],
      env: {
        // The model route is a loopback address: a proxy variable in the sandbox must not lead around it.
        NO_PROXY: "127.0.0.1,localhost",
        no_proxy: "127.0.0.1,localhost",
        ...Object.fromEntries(Object.entries(profile.env ?? {}).map(([name, text]) => [name, fill(text, values)])),
      },
      files: (profile.files ?? []).map(({ path, content }) => ({
        path: fill(path, values),
        content: fill(content, values),
      })),
    };
  };
  return {
    ...place("http://127.0.0.1"),
    stdin: new Uint8Array(),
    cwd: task.workspaceDir,
    withRoutes: (modelUrls) => place(modelUrls[endpoint.id] ?? ""),
  };
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(modelUrl|key|model|home|workspace)\}/g, (_match, name: keyof Values) => values[name]);
}

function checkTask(task: HarnessTask, { profile, name }: CommandOptions): void {
  if (task.prompt.trim() === "") throw new InvalidOptionsError("The prompt is empty");
  if (task.model !== undefined && !/^[\w.][\w./:@[\]-]*$/.test(task.model))
    throw new InvalidOptionsError(`${JSON.stringify(task.model)} is not the name of a model`);
  if (task.model !== undefined && profile.modelOption === undefined)
    throw new InvalidOptionsError(`${name} takes no model over the Agent Client Protocol`, {
      hint: "Leave the model out, or set the model in the agent's own configuration.",
    });
  const places: readonly (readonly [unknown, string, string])[] = [
    [task.maxTurns, "a limit of turns", "Limit the run's time or cost instead."],
    [task.maxBudgetUsd, "a budget of its own", "Limit the run's cost instead: that is enforced outside the sandbox."],
    [task.allowedTools?.length || undefined, "a list of allowed tools", "The sandbox limits what its tools can do."],
    [
      task.appendSystemPrompt,
      "a text for the system prompt",
      "Put it into the prompt, or into AGENTS.md in the workspace.",
    ],
    [task.forkSession, "a way to fork a session", "Continue the session itself: `glovebox resume`."],
  ];
  for (const [value, what, hint] of places) {
    if (value !== undefined)
      throw new InvalidOptionsError(`The Agent Client Protocol has no place for ${what}`, { hint });
  }
}

/** MCP servers are what the protocol has a place for: they are given to the session, and no file is written. */
export const acpPlaces: ComponentPlaces = {
  kinds: ["mcp"],
  instead: {
    agent: "Describe the agent's part in the prompt, or in AGENTS.md.",
    command: "Write the command's text as the prompt.",
    skill: "Put the skill's files into the workspace and name them in AGENTS.md.",
  },
  files({ mcpServers }) {
    const refused = mcpServers.find(({ transport }) => transport === "ws");
    if (refused === undefined) return [];
    throw new InvalidOptionsError(`The MCP server ${refused.name} cannot be given to the agent: it speaks WebSocket`, {
      hint: "The Agent Client Protocol takes servers over standard input, HTTP and SSE.",
    });
  },
};
