import { ComponentError } from "../../errors/index.ts";
import { exec } from "../../exec/exec.ts";
import type { ComponentProgram } from "../../harness/component-set.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";

const timeoutMs = 30_000;

/** Prints each name that is no program, and what the image reports about why it is without. */
const search = `cd "$1" && shift && for name; do
  command -v -- "$name" > /dev/null 2>&1 && continue
  reason=; test ! -r "/opt/glovebox/absent/$name" || read -r reason < "/opt/glovebox/absent/$name"
  printf '%s\\t%s\\n' "$name" "$reason"
done`;

/**
 * Looks in the sandbox for the programs that components start. Throws `component` with every one that is missing and who
 * needs it; returns a line for each that its component can do without.
 */
export async function checkPrograms(
  sandbox: Sandbox,
  programs: readonly ComponentProgram[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (programs.length === 0) return [];
  const names = [...new Set(programs.map(({ name }) => name))];
  const { exitCode, stdout, stderr } = await exec(sandbox, ["/bin/sh", "-c", search, "sh", workspaceDir, ...names], {
    timeoutMs,
    signal,
  });
  if (exitCode !== 0)
    throw new ComponentError(
      `The programs of the components cannot be looked for: ${stderr.trim() || "no /bin/sh runs"}`,
    );
  const reasons = new Map(stdout.split("\n").map((line): [string, string] => splitAtTab(line)));
  const missing = names.filter((name) => reasons.has(name));
  const described = (name: string, users: readonly ComponentProgram[]): string => {
    const reason = reasons.get(name) ?? "";
    const needing = [...new Set(users.map(({ neededBy }) => neededBy))].join(", ");
    return `${name} for ${needing}${reason === "" ? "" : ` (${reason})`}`;
  };
  const required = missing.flatMap((name) => {
    const users = programs.filter((program) => program.name === name && !program.optional);
    return users.length === 0 ? [] : [described(name, users)];
  });
  if (required.length > 0)
    throw new ComponentError(`Programs are missing in the sandbox: ${required.join("; ")}`, {
      hint: "Use an image that has them, or leave the components out.",
      remedy: { set: "image" },
    });
  return missing.map((name) => {
    const users = programs.filter((program) => program.name === name);
    return `A program is missing in the sandbox: ${described(name, users)}; the component goes without`;
  });
}

function splitAtTab(line: string): [string, string] {
  const at = line.indexOf("\t");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}
