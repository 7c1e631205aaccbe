import { badTreePath } from "../../tree/tree-path.ts";
import type { PlacedFile } from "../component-content.ts";
import type { ComponentInput } from "../component-input.ts";
import { ComponentRefusal } from "../component-refusal.ts";
import { isJsonObject, type JsonObject } from "../text/read-json-object.ts";
import { unixLines } from "../text/unix-lines.ts";
import { scriptReferences } from "./script-references.ts";

export interface Companions {
  readonly files: readonly PlacedFile[];
  /** Scripts that a command runs, relative to the workspace, and that are not beside it. */
  readonly missing: readonly string[];
}

/**
 * The files that a hook or a setting brings. claude-code-templates knows four ways, and its entries use each:
 * `supportingFiles` (source, destination), `additionalFiles` (destination to source), `files` (destination to content),
 * and a script of the same name beside the JSON. Whatever else a command refers to is looked for beside it too.
 */
export async function companionFiles(
  input: ComponentInput,
  json: JsonObject,
  commands: readonly string[],
): Promise<Companions> {
  const directory = input.path.slice(0, input.path.lastIndexOf("/") + 1);
  const files = new Map<string, PlacedFile>();
  const place = (path: string, bytes: Uint8Array, executable: boolean): void => {
    const inside = insideClaude(path);
    files.set(inside, { path: inside, mode: executable ? 0o755 : 0o644, bytes: unixLines(inside, bytes) });
  };
  const placeFromTree = async (path: string, source: string, executable = false): Promise<void> => {
    const bytes = await readBeside(input, directory, source);
    if (bytes === undefined) throw new ComponentRefusal(`needs the file ${source}, which its source does not hold`);
    place(path, bytes, executable || isScript(path));
  };
  for (const [path, value] of Object.entries(isJsonObject(json.files) ? json.files : {})) {
    const content = isJsonObject(value) ? value.content : value;
    if (typeof content !== "string") throw new ComponentRefusal(`brings a file ${path} without content`);
    place(path, Buffer.from(content), isJsonObject(value) && value.executable === true);
  }
  for (const [path, value] of Object.entries(isJsonObject(json.additionalFiles) ? json.additionalFiles : {})) {
    if (typeof value === "string") await placeFromTree(path, value);
    else if (isJsonObject(value) && typeof value.content === "string")
      place(path, Buffer.from(value.content), isScript(path));
    else throw new ComponentRefusal(`brings a file ${path} without content`);
  }
  for (const item of Array.isArray(json.supportingFiles) ? json.supportingFiles : []) {
    if (!isJsonObject(item) || typeof item.source !== "string" || typeof item.destination !== "string")
      throw new ComponentRefusal("has an entry in supportingFiles without source and destination");
    await placeFromTree(item.destination, item.source, item.executable === true);
  }
  const missing: string[] = [];
  for (const { path, guarded } of commands.flatMap(scriptReferences)) {
    if (files.has(path)) continue;
    const bytes = await readBeside(input, directory, path.slice(path.lastIndexOf("/") + 1));
    if (bytes !== undefined) place(path, bytes, true);
    else if (!guarded && !missing.includes(path)) missing.push(path);
  }
  await placeTwins(input, directory, files);
  return { files: [...files.values()], missing };
}

/** A script that has the component's own name and that nothing places goes where claude-code-templates puts it. */
async function placeTwins(input: ComponentInput, directory: string, files: Map<string, PlacedFile>): Promise<void> {
  const home = input.kind === "hook" ? ".claude/hooks" : ".claude/scripts";
  for (const extension of ["py", "sh"]) {
    const name = `${input.baseName}.${extension}`;
    if ([...files.keys()].some((path) => path.endsWith(`/${name}`))) continue;
    const bytes = await readBeside(input, directory, name);
    if (bytes !== undefined)
      files.set(`${home}/${name}`, { path: `${home}/${name}`, mode: 0o755, bytes: unixLines(name, bytes) });
  }
}

async function readBeside(input: ComponentInput, directory: string, source: string): Promise<Buffer | undefined> {
  const path = directory + source.replace(/^(\.\/)+/, "");
  if (badTreePath(path) !== undefined) throw new ComponentRefusal(`names a file outside its directory: ${source}`);
  const left = input.tree.refused.find((entry) => entry.path === path);
  if (left !== undefined) throw new ComponentRefusal(`needs the file ${source}, which ${left.reason}`);
  return input.tree.files.some((file) => file.path === path) ? input.tree.read(path) : undefined;
}

/** A component writes below `.claude` and nowhere else. */
function insideClaude(path: string): string {
  const plain = path.replace(/^(~|\$HOME|\$\{HOME\}|\.|"?\$CLAUDE_PROJECT_DIR"?)\//, "");
  if (badTreePath(plain) !== undefined || !plain.startsWith(".claude/"))
    throw new ComponentRefusal(`wants to write ${path}, which is outside .claude`);
  if (/^\.claude\/settings(\.local)?\.json$/.test(plain))
    throw new ComponentRefusal(`wants to write ${path} as a whole, which is merged`);
  return plain;
}

function isScript(path: string): boolean {
  return /\.(sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl)$/.test(path);
}
