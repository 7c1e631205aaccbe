import type { ComponentProgram, PlacedFile } from "../component-content.ts";
import { ComponentRefusal } from "../component-refusal.ts";
import { readShell } from "./shell-script.ts";

/**
 * The programs that hooks, status lines and their scripts start. A hook that no shell can read is refused: it could only
 * fail, and one that ends with 2 blocks what it looks at.
 */
export function shellNeeds(
  hooks: readonly string[],
  others: readonly string[],
  files: readonly PlacedFile[],
  neededBy: string,
): ComponentProgram[] {
  const programs = new Map<string, boolean>();
  const add = (name: string, optional: boolean): void => {
    programs.set(name, (programs.get(name) ?? true) && optional);
  };
  for (const command of hooks) {
    const script = readShell(command);
    if (script.problem !== undefined)
      throw new ComponentRefusal(`has a hook that no shell can read: ${script.problem}`);
    if (script.needsBash) add("bash", false);
    for (const { name, optional } of script.programs) add(name, optional);
  }
  // A run has no terminal for a status line.
  for (const command of others) for (const { name } of readShell(command).programs) add(name, true);
  for (const file of files) {
    const text = shellText(file);
    if (text === undefined) continue;
    const script = readShell(text);
    const place = file.path.slice(file.path.lastIndexOf("/") + 1);
    if (script.problem !== undefined)
      throw new ComponentRefusal(`brings the script ${place}, which no shell can read: ${script.problem}`);
    for (const { name, optional } of script.programs) add(name, optional || hooks.length === 0);
  }
  return [...programs].map(([name, optional]) => ({ name, neededBy, optional }));
}

const mostScriptBytes = 200_000;

/** The text of a script for sh or bash; `undefined` for every other file. */
function shellText(file: PlacedFile): string | undefined {
  if (file.bytes.length > mostScriptBytes) return undefined;
  const text = Buffer.from(file.bytes).toString("utf8");
  const interpreter = /^#![^\n]*?(\w+)[^\S\n]*$/m.exec(text.slice(0, 200))?.[1];
  const isShell = text.startsWith("#!") ? /^(ba)?sh$/.test(interpreter ?? "") : /\.(sh|bash)$/.test(file.path);
  return isShell ? text : undefined;
}
