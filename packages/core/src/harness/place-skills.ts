import type { SkillFile, SkillPart } from "./component-parts.ts";
import type { ComponentFile } from "./component-set.ts";

/** The files of skills below a directory of the workspace: `.agents/skills`. What they say of their own place is kept true. */
export function placeSkills(skills: readonly SkillPart[], directory: string): readonly ComponentFile[] {
  return skills.flatMap(({ name, files }) =>
    files.map((file) => ({
      path: `${directory}/${name}/${file.path}`,
      mode: file.mode,
      bytes: moved(file, `.claude/skills/${name}/`, `${directory}/${name}/`),
    })),
  );
}

function moved({ bytes }: SkillFile, from: string, to: string): Uint8Array {
  const text = Buffer.from(bytes);
  if (!text.includes(from) || text.includes(0)) return bytes;
  return Buffer.from(text.toString("utf8").replaceAll(from, to));
}
