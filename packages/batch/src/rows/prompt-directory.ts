import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { SourceRow } from "../file/read-batch-file.ts";

/** A row for each file of a directory, in the order of the names; the row's id is the file's name where that can be an id. */
export async function rowsOfPromptDirectory(directory: string): Promise<readonly SourceRow[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidOptionsError(`The directory of prompts ${directory} cannot be read: ${cause.code}`, { cause });
  });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith(".")).map(({ name }) => name);
  if (names.length === 0) throw new InvalidOptionsError(`The directory of prompts ${directory} has no files`);
  const ids = names.map(idOf);
  return names.sort().map((name) => {
    const id = idOf(name);
    const isUnique = ids.filter((one) => one === id).length === 1;
    return {
      source: name,
      input: { ...(id !== "" && isUnique ? { id } : {}), promptFile: join(directory, name) },
    };
  });
}

function idOf(name: string): string {
  return basename(name, extname(name))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
}
