import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { type TemplateDescription, templateDescriptionSchema } from "./template-description.ts";

/** The names of a description in a directory, in this order. */
export const descriptionNames = ["glovebox.template.yaml", "glovebox.template.yml", "glovebox.template.json"] as const;

/** Reads a description, and makes one of a Dockerfile or a devcontainer.json. Throws `invalid-options`. */
export async function readDescription(
  file: string,
): Promise<{ readonly path: string; readonly description: TemplateDescription }> {
  const path = await descriptionIn(file);
  const name = basename(path);
  if (/^\.?devcontainer\.json$/.test(name)) return { path, description: { name: nameOf(path), devcontainer: name } };
  if (/(^|\.)(Dockerfile|Containerfile)($|\.)/i.test(name)) {
    return { path, description: { name: nameOf(path), dockerfile: name } };
  }
  const text = await readHostText(path);
  if (text === undefined) {
    throw new InvalidOptionsError(`The template ${path} does not exist`, {
      hint: "`glovebox template init` writes one.",
    });
  }
  const parsed = templateDescriptionSchema.safeParse(await parse(text, path));
  if (parsed.success) return { path, description: parsed.data };
  const [issue] = parsed.error.issues;
  const key = issue?.path.join(".") ?? "";
  throw new InvalidOptionsError(safeLine(`${path}: ${key === "" ? "" : `"${key}": `}${issue?.message}`), {
    hint: "docs/guides/make-a-template.md lists the keys; editors check them with the JSON Schema.",
  });
}

/** The file itself, or the description in a directory. */
async function descriptionIn(path: string): Promise<string> {
  if (!(await isDirectory(path))) return path;
  for (const name of [...descriptionNames, ".devcontainer/devcontainer.json", ".devcontainer.json", "Dockerfile"]) {
    const file = join(path, name);
    if ((await stat(file).catch(() => undefined))?.isFile()) return file;
  }
  throw new InvalidOptionsError(`${path} has no ${descriptionNames[0]}, devcontainer.json or Dockerfile`, {
    hint: "`glovebox template init` writes a description.",
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function parse(text: string, path: string): Promise<unknown> {
  const { parse: parseYaml } = await import("yaml");
  try {
    // JSON is YAML. The parser bounds what aliases can make of a small file.
    return parseYaml(text, { prettyErrors: true });
  } catch (cause) {
    throw new InvalidOptionsError(safeLine(`${path}: ${(cause as Error).message}`), { cause });
  }
}

/** The name of a template without one: its directory's. */
function nameOf(path: string): string {
  const directory = basename(dirname(path)) === ".devcontainer" ? dirname(dirname(path)) : dirname(path);
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return name || "template";
}
