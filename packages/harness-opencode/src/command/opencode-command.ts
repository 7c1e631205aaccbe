import type { HarnessCommand, HarnessTask } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ModelProvider } from "./model-provider.ts";
import { openCodeConfig } from "./opencode-config.ts";
import { databasePath, openCodeFiles } from "./opencode-files.ts";
import { checkExtraArgs } from "./refused-argument.ts";

/** Linux takes at most 128 KiB as one argument or variable, its end included. */
const maxArgumentBytes = 128 * 1024 - 1;

const runEnvironment: Readonly<Record<string, string>> = {
  OPENCODE_DB: databasePath,
  // No login of the image, which could bring a configuration from another host.
  OPENCODE_AUTH_CONTENT: "{}",
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_SHARE: "1",
  // The model route is a loopback address: a proxy variable in the sandbox must not lead around it.
  NO_PROXY: "127.0.0.1,localhost",
  no_proxy: "127.0.0.1,localhost",
};

export interface CommandSettings {
  readonly binary: string;
  readonly version: string;
  readonly providers: readonly ModelProvider[];
}

/** Returns what is started in the sandbox for a task. Throws `invalid-options` for what OpenCode cannot do. */
export function openCodeCommand(task: HarnessTask, settings: CommandSettings): HarnessCommand {
  checkTask(task);
  const { providers, version } = settings;
  const routed = (provider: ModelProvider, url: string) => {
    const model = modelOf(task, provider);
    const baseUrl = `${url.replace(/\/+$/, "")}${provider.basePath}`;
    const config = JSON.stringify(openCodeConfig(task, provider, { baseUrl, model }));
    const argv = argvFor(task, settings, `${provider.id}/${model}`);
    for (const argument of [...argv, config]) checkArgument(argument);
    return { argv, env: { ...runEnvironment, OPENCODE_CONFIG_CONTENT: config } };
  };
  const [first] = providers;
  if (first === undefined) throw new InvalidOptionsError("OpenCode has no provider of models");
  return {
    ...routed(first, first.endpoint.upstream),
    stdin: new TextEncoder().encode(commandOf(task)?.text ?? task.prompt),
    cwd: task.workspaceDir,
    files: openCodeFiles(task, version),
    withRoutes: (modelUrls) => {
      for (const provider of providers) {
        const url = modelUrls[provider.endpoint.id];
        if (url !== undefined) return routed(provider, url);
      }
      return {};
    },
  };
}

function argvFor(task: HarnessTask, { binary }: CommandSettings, model: string): [string, ...string[]] {
  const { resumeSessionId, forkSession, extraArgs = [] } = task;
  const command = commandOf(task);
  return [
    binary,
    "run",
    ...["--format", "json", "--auto", "--thinking"],
    // The model's name for the title would cost a request.
    ...["--title", "glovebox", "--model", model],
    ...(command === undefined ? [] : ["--command", command.name]),
    ...(resumeSessionId === undefined ? [] : ["--session", resumeSessionId, ...(forkSession ? ["--fork"] : [])]),
    ...extraArgs,
  ];
}

/** A prompt that begins with the name of a command that the run brings. */
function commandOf({ prompt, components }: HarnessTask): { readonly name: string; readonly text: string } | undefined {
  const [, name, text = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(prompt) ?? [];
  if (name === undefined || !components?.commands.some((command) => command.name === name)) return undefined;
  return { name, text };
}

function modelOf({ model }: HarnessTask, { prefix, defaultModel }: ModelProvider): string {
  if (model === undefined) return defaultModel;
  return model.startsWith(prefix) ? model.slice(prefix.length) : model;
}

function checkTask(task: HarnessTask): void {
  if (task.prompt.trim() === "") throw new InvalidOptionsError("The prompt is empty");
  if (task.model !== undefined && !/^[\w@][\w.:@/+-]*$/.test(task.model)) {
    throw new InvalidOptionsError(`${JSON.stringify(task.model)} is not the name of a model`);
  }
  const refuse = (what: string, hint: string): never => {
    throw new InvalidOptionsError(`OpenCode has no ${what}`, { hint });
  };
  if (task.maxTurns !== undefined) refuse("limit of turns", "Leave it out, and limit the cost or the time of the run.");
  if (task.maxBudgetUsd !== undefined) {
    refuse("limit of cost of its own", "Limit the cost of the run, which the gateway enforces outside the sandbox.");
  }
  if (task.allowedTools?.length) {
    refuse("list of allowed tools", "Deny tools by `permission` in the project's opencode.json.");
  }
  if (task.jsonSchema !== undefined) refuse("structured answers", "Ask for JSON in the prompt.");
  // The id comes from inside a sandbox.
  if (task.resumeSessionId !== undefined && !/^ses_[0-9A-Za-z]{1,64}$/.test(task.resumeSessionId)) {
    throw new InvalidOptionsError("The id of the session to continue is not one of OpenCode's");
  }
  checkExtraArgs(task.extraArgs ?? []);
}

function checkArgument(argument: string): void {
  if (argument.includes("\0")) throw new InvalidOptionsError("An argument for OpenCode contains a NUL byte");
  const bytes = new TextEncoder().encode(argument).length;
  if (bytes <= maxArgumentBytes) return;
  throw new InvalidOptionsError(`An argument for OpenCode has ${bytes} bytes; the limit is ${maxArgumentBytes}`, {
    hint: "Shorten the arguments, or the texts of agents and commands.",
  });
}
