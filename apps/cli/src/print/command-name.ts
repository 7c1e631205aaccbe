import type { Environment } from "../terminal.ts";

const commands =
  /\bglovebox (?=(?:apply|certify|cloudflare|components|demo|doctor|harnesses|image|logs|network|providers|ps|reap|rm|run|stop|version)\b)/g;

/** Texts speak of `glovebox run`; where it was started under another name, as from a checkout, they speak of that. */
export function asTyped(text: string, env: Environment): string {
  const name = env.GLOVEBOX_COMMAND;
  return name ? text.replace(commands, () => `${name} `) : text;
}
