/** A program for the sandbox: `node` is all that is sure to be there. Its arguments are `process.argv.slice(1)`. */
export function nodeScript(script: string, ...args: readonly string[]): [string, ...string[]] {
  return ["node", "-e", script, "--", ...args];
}
