import { readShell } from "./shell-script.ts";

/**
 * The command so that bash runs it where it is written for bash. Claude Code gives a hook to `/bin/sh`, which is another
 * shell in many images; there a syntax error ends with 2, which blocks what the hook looks at.
 */
export function runByBash(command: string): string {
  return readShell(command).needsBash ? `bash -c '${command.replaceAll("'", "'\\''")}'` : command;
}
