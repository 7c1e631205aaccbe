/** `maxTurns` as a flag: `--max-turns`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `maxTurns` as an environment variable: `GLOVEBOX_MAX_TURNS`. */
export function variableOf(name: string): string {
  return `GLOVEBOX_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
