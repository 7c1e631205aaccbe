import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CaseContext } from "../case-context.ts";
import type { CaseRun } from "./case-run.ts";
import { startedBy } from "./wrapped-harness.ts";

/** What the program's final answer is. */
export const finalText = "All done, and well.";

/** Files in the result that say what was in the sandbox: the places of the key, and what was there when the program had ended. */
export const afterFiles = {
  processes: "after-processes.txt",
  network: "after-network.txt",
  key: "after-key.txt",
} as const;

/** A run that succeeds. */
export interface Success extends CaseRun {
  /** The files in which the key was found, by a command of the agent's own. */
  readonly filesWithKey: readonly string[];
}

/** How long a process of the program may take to end behind it: on a busy machine those that are ending need seconds. */
const endingSeconds = 15;

/**
 * Lists the processes of the program's user that outlive it, once those that were about to end have ended, and reads the
 * kernel's counters of its network.
 */
const look = `
  before=" $(echo /proc/[0-9]*) "
  left() {
    for process in /proc/[0-9]*; do
      case "$before" in *" $process "*) continue ;; esac
      [ "$(stat -c %u "$process" 2>/dev/null)" = "$(id -u)" ] || continue
      grep -q '^State:.Z' "$process/status" 2>/dev/null && continue
      words=$(tr '\\0' ' ' < "$process/cmdline" 2>/dev/null) || continue
      echo "$process $words"
    done
  }
  "$@"
  code=$?
  seen=yes
  for attempt in $(seq ${endingSeconds * 4}); do
    left > ${afterFiles.processes}
    # A process that begins another program at that moment can be missed: none is left where two looks find none.
    [ -s ${afterFiles.processes} ] && seen=yes || { [ $seen = no ] && break; seen=no; }
    sleep 0.25
  done
  cat /proc/net/snmp > ${afterFiles.network} 2>/dev/null
  exit $code
`;

/** What the search for the key prints, and writes, at its end. */
export const searched = "searched-for-key";

/** Searches files, environments and arguments for the key; the command itself does not contain it. */
function searchCommand(key: string): string {
  const pattern = `[${key.charAt(0)}]${key.slice(1)}`;
  const places = `. "$HOME" /tmp /proc/[0-9]*/environ /proc/[0-9]*/cmdline`;
  return `echo made-by-agent > made.txt; grep -rla -e '${pattern}' ${places} 2>/dev/null > ${afterFiles.key}; echo ${searched} | tee -a ${afterFiles.key}`;
}

/** Lets the agent make a file, search for the key, and answer. */
export async function succeed(context: CaseContext): Promise<Success> {
  const found = await context.run({
    harness: startedBy(context.harness, look),
    turns: [
      ({ tools }) => ({
        text: "I make a file.",
        tools: [context.shell(searchCommand(context.key), tools)],
        inputTokens: 1000,
        outputTokens: 50,
      }),
      { text: finalText, inputTokens: 1100, outputTokens: 20 },
    ],
  });
  const [last, ...files] = (await readFile(join(found.outputDirectory, afterFiles.key), "utf8"))
    .trim()
    .split("\n")
    .reverse();
  assert.equal(last, searched, "The search for the key did not come to its end");
  return { ...found, filesWithKey: files };
}
