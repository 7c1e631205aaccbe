import { parseDockerfile, stageImage } from "./parse-dockerfile.ts";

/** The images that a Dockerfile starts from, its own stages left out. What a variable leaves open is left out, too. */
export function baseImages(text: string, buildArgs: Readonly<Record<string, string>>): readonly string[] {
  const args = new Map<string, string>();
  const stages = new Set<string>(["scratch"]);
  const found = new Set<string>();
  for (const instruction of parseDockerfile(text)) {
    if (instruction.keyword === "ARG" && stages.size === 1) {
      const [, name = "", value = ""] = /^(\w+)(?:=["']?([^"'\s]*))?/.exec(instruction.rest) ?? [];
      args.set(name, buildArgs[name] ?? value);
    }
    if (instruction.keyword !== "FROM") continue;
    const image = stageImage(instruction).replace(/\$\{?(\w+)\}?/g, (_, name: string) => args.get(name) ?? "");
    if (image !== "" && !/[${}]/.test(image) && !stages.has(image.toLowerCase())) found.add(image);
    stages.add(/\sAS\s+(\S+)/i.exec(instruction.rest)?.[1]?.toLowerCase() ?? "");
  }
  return [...found];
}
