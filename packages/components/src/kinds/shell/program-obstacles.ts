import type { ComponentProgram } from "../component-content.ts";

/** Programs that no Linux sandbox has, or whose service it lacks. */
const absent: ReadonlySet<string> = new Set(
  "afplay docker docker-compose osascript pbcopy pbpaste podman powershell powershell.exe pwsh terminal-notifier".split(
    " ",
  ),
);

/** What a component cannot start in a sandbox, whatever image it has. */
export function programObstacles(programs: readonly ComponentProgram[]): string[] {
  const missing = programs.filter(({ name, optional }) => !optional && absent.has(name));
  return [...new Set(missing.map(({ name }) => `starts ${name}, which a sandbox does not have`))];
}
