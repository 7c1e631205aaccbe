import type { ComponentNames } from "@glovebox/core/harness";
import type { ControlAnswer } from "./control-answer.ts";

interface Listed {
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly builtin?: boolean | undefined;
}

/**
 * The agents, commands and skills that Claude Code does not list, or of which it lists another by the same name. A
 * skill is among the commands, by its front matter's name or by its directory's; what Claude Code
 * itself brings does not count.
 */
export function missingNames(
  { agents = [], commands = [] }: NonNullable<ControlAnswer["response"]>,
  expected: ComponentNames,
): string[] {
  const own = commands.filter(({ builtin }) => builtin !== true);
  const missing = (kind: string, names: readonly string[], listed: readonly Listed[]): string[] =>
    names.flatMap((name) => {
      const found = listed.filter((one) => one.name === name || one.aliases?.includes(name));
      if (found.length === 0) return [`Claude Code does not list the ${kind} ${JSON.stringify(name)}`];
      const wanted = expected.descriptions?.[`${kind} ${name}`];
      if (wanted === undefined || found.some(({ description = "" }) => says(description, wanted))) return [];
      return [
        `Claude Code lists another ${kind} by the name ${JSON.stringify(name)}: ${shorten(found[0]?.description ?? "")}`,
      ];
    });
  return [
    ...missing("agent", expected.agents, agents),
    ...missing("command", expected.commands, own),
    ...missing("skill", expected.skills, own),
  ];
}

const comparedLength = 40;

/**
 * Claude Code adds where a command comes from, cuts what is long, writes `<` as `&lt;` and makes lines of `\n`: only
 * the letters of the beginning are compared.
 */
function says(listed: string, wanted: string): boolean {
  const plain = (text: string): string =>
    text.replace(/&(lt|gt|amp|quot|#39);|\\[nrt]/g, "").replace(/[^\p{L}\p{N}]+/gu, "");
  return plain(listed).includes(plain(wanted).slice(0, comparedLength));
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
