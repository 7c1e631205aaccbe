import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { replaceFile } from "@glovebox/core/state";
import { applyEdits, modify } from "jsonc-parser";
import { packageDirectory } from "../built-in.ts";
import { parseUserConfig } from "./user-config.ts";
import { userConfigPath } from "./user-config-path.ts";

const schemaName = "config.schema.json";
/** What the file holds before anything was set. */
export const emptyUserConfig = `{\n  "$schema": "./${schemaName}"\n}\n`;

/**
 * Sets one value of the user's configuration file, or removes it with `undefined`, and leaves comments and order as they
 * are. Writes nothing that could not be read again. Resolves to the path of the file.
 */
export async function changeUserConfig(home: string, key: readonly string[], value: unknown): Promise<string> {
  const path = userConfigPath(home);
  const before = (await readHostText(path)) ?? emptyUserConfig;
  // What cannot be read is not rewritten.
  parseUserConfig(before, path);
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: "\n" };
  const text = applyEdits(before, modify(before, [...key], value, { formattingOptions }));
  parseUserConfig(text, path);
  await writeUserConfig(home, text);
  return path;
}

/** Writes the file, and its JSON Schema beside it. */
export async function writeUserConfig(home: string, text: string): Promise<void> {
  await makeHostDirectory(home, 0o700);
  await replaceFile(linked(userConfigPath(home)), text);
  const schema = await readFile(new URL(`schemas/${schemaName}`, packageDirectory));
  await replaceFile(join(home, schemaName), schema);
}

/** A file that is a link, as dotfiles are, is written where it leads. */
function linked(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It does not exist yet.
    return path;
  }
}
