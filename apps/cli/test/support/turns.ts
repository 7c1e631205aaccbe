import type { ScriptTurn } from "@glovebox/scripted-model";

/** The model asks for a shell command. */
export function bash(command: string, text?: string): ScriptTurn {
  return {
    ...(text === undefined ? {} : { text }),
    tools: [{ name: "Bash", input: { command, description: "a step" } }],
  };
}

/** The model writes a file of the workspace. */
export function write(path: string, content: string): ScriptTurn {
  return { tools: [{ name: "Write", input: { file_path: `/workspace/${path}`, content } }] };
}

/** The model has nothing more to do. */
export function say(text: string): ScriptTurn {
  return { text };
}
