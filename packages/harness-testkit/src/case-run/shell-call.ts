/** A tool call as a scripted model makes it. */
export interface ToolCall {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** Longer than any case lets a command be silent, for tools that answer before a command has ended. In milliseconds. */
const yieldMs = 30_000;

const call = (name: string, input: Record<string, unknown>): ToolCall => ({ name, input });
const codexCall = (cmd: string) => call("exec_command", { cmd, yield_time_ms: yieldMs });

/** The shell tools of known programs: how each takes a command. */
const shellTools: Readonly<Record<string, (command: string) => ToolCall>> = {
  Bash: (command) => call("Bash", { command, description: "a step" }),
  bash: (command) => call("bash", { command, description: "a step" }),
  run_shell_command: (command) => call("run_shell_command", { command, description: "a step", is_background: false }),
  exec_command: codexCall,
  // Codex offers some models only a tool that takes programs; it takes the calls of those programs directly too.
  exec: codexCall,
  shell_command: (command) => call("shell_command", { command }),
  shell: (command) => call("shell", { command: ["bash", "-c", command] }),
  local_shell: (command) => call("local_shell", { command: ["bash", "-c", command] }),
  developer__shell: (command) => call("developer__shell", { command }),
  execute_command: (command) => call("execute_command", { command, requires_approval: false }),
  run_commands: (command) => call("run_commands", { commands: [command] }),
};

/** The call of the first shell tool that is known; `undefined` where there is none. */
export function shellCall(command: string, tools: readonly string[]): ToolCall | undefined {
  const known = Object.keys(shellTools).find((name) => tools.includes(name));
  return known === undefined ? undefined : shellTools[known]?.(command);
}
