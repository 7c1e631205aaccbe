import { modelPin } from "./model-pin.ts";

/** The environment of every headless run. The model's address and the placeholder of its key come after it. */
export const headlessEnvironment: Readonly<Record<string, string>> = {
  ...modelPin,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
};

const outputFlags = {
  json: ["--output-format", "json"],
  "stream-json": ["--output-format", "stream-json", "--verbose", "--include-partial-messages"],
} as const;

/** The tools that change or run something. What the settings of a project allow is asked for nevertheless. */
const askedTools = ["Bash", "Edit", "MultiEdit", "NotebookEdit", "Write"];

/** Claude Code asks on its control channel: tried with the pinned version. */
const permissionFlags = [
  ...["--permission-prompt-tool", "stdio", "--permission-mode", "default"],
  ...["--settings", JSON.stringify({ permissions: { ask: askedTools } })],
];

/** Returns the arguments of a run that reads its prompt from standard input. */
export function headlessArgv(
  binary: string,
  output: keyof typeof outputFlags,
  flags: readonly string[],
  { asksPermission = false }: { readonly asksPermission?: boolean | undefined } = {},
): [string, ...string[]] {
  const permissions = asksPermission ? permissionFlags : ["--dangerously-skip-permissions"];
  // The output flags end `--allowedTools`, which takes any number of values.
  return [binary, "-p", ...flags, ...outputFlags[output], ...permissions];
}

export interface ModelFlags {
  readonly model?: string | undefined;
  readonly maxTurns?: number | undefined;
}

/** Returns Claude Code's options for the model and the maximum number of turns. */
export function modelFlags({ model, maxTurns }: ModelFlags): string[] {
  return [
    ...(model === undefined ? [] : ["--model", model]),
    ...(maxTurns === undefined ? [] : ["--max-turns", String(maxTurns)]),
  ];
}
