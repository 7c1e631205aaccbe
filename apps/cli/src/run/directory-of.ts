import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Terminal } from "../terminal.ts";

/** The directory that `--directory` names, or the current one. */
export function directoryOf(directory: string | undefined, terminal: Terminal): string {
  const path = resolve(terminal.cwd, directory ?? ".");
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionsError(`--directory: ${path} is not a directory`, {
      hint: "-d is short for --directory. Was it a prompt that starts with a dash: --prompt=…",
    });
  }
  // The user named it, so a link to it is followed; links below it are the directory's own.
  return realpathSync(path);
}
