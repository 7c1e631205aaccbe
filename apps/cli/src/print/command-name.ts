import type { Environment } from "../terminal.ts";

const command = /(?<![\w/-])glovebox (?=[a-z])/g;

/** Texts speak of `glovebox run`; where it was started under another name, as from a checkout, they speak of that. */
export function asTyped(text: string, env: Environment): string {
  const name = env.GLOVEBOX_COMMAND;
  return name ? text.replace(command, () => `${name} `) : text;
}
