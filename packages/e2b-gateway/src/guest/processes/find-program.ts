import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConnectFailure } from "../connect/connect-failure.ts";

/** The file of a program, looked for as a shell does. Throws `invalid_argument` for one that is not there. */
export function findProgram(cmd: string, cwd: string, path: string): string {
  if (cmd.includes("/")) {
    const file = resolve(cwd, cmd);
    if (isProgram(file)) return file;
    throw missing(cmd, `fork/exec ${cmd}: no such file or directory`);
  }
  const found = path
    .split(":")
    .map((directory) => resolve(cwd, directory, cmd))
    .find(isProgram);
  if (found === undefined) throw missing(cmd, `exec: "${cmd}": executable file not found in $PATH`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function missing(cmd: string, reason: string): ConnectFailure {
  return new ConnectFailure("invalid_argument", `error starting process '${cmd}': ${reason}`);
}
