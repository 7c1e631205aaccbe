/** A tool call as a scripted model makes it. */
export interface ToolCall {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** The shell tools of known programs: how each takes a command. */
const shellTools: Readonly<Record<string, (command: string) => Record<string, unknown>>> = {
  Bash: (command) => ({ command, description: "a step" }),
  bash: (command) => ({ command, description: "a step" }),
  run_shell_command: (command) => ({ command, description: "a step", is_background: false }),
  exec_command: (cmd) => ({ cmd }),
  shell_command: (command) => ({ command }),
  shell: (command) => ({ command: ["bash", "-c", command] }),
  local_shell: (command) => ({ command: ["bash", "-c", command] }),
  developer__shell: (command) => ({ command }),
  execute_command: (command) => ({ command, requires_approval: false }),
  run_commands: (command) => ({ commands: [command] }),
};

/** The call of the first shell tool that is known; `undefined` where there is none. */
export function shellCall(command: string, tools: readonly string[]): ToolCall | undefined {
  for (const [name, input] of Object.entries(shellTools)) {
    if (tools.includes(name)) return { name, input: input(command) };
  }
  return undefined;
}
