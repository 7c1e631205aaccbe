import type { Verification } from "@glovebox/batch";
import { formatCount, formatDuration, safeLine, safeName, safeText } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";

const mostListed = 20;
const shownCharacters = 2000;

/** What the evidence of a success is worth, where it is less than a report of every test. */
const evidence = {
  report: undefined,
  output: "The evidence is what the command printed, which the agent's code can print too.",
  "exit-code":
    "The evidence is the exit code alone, which the agent's code can fake. --expect, or a test runner that reports its tests, makes it stronger.",
} as const;

/** Prints a verification: the verdict on stdout, what explains it on stderr. */
export function printVerification(
  verification: Verification,
  { name, terminal }: { readonly name: string; readonly terminal: Terminal },
): void {
  const { stdout, stderr } = terminal;
  const { passed, verdict, reason, cheats, outputTail, addedTests = [], durationMs } = verification;
  if (!passed && outputTail.trim() !== "") {
    stderr.line(stderr.colors.dim("The end of the command's output:"));
    stderr.line(`│ ${safeText(outputTail.slice(-shownCharacters).trim())}`);
  }
  const { green, red, yellow, dim } = stdout.colors;
  const mark = passed ? green("✓ passed") : verdict === "not-verified" ? yellow("? not verified") : red("✗ failed");
  stdout.line(`${mark} ${name}: ${safeLine(reason)} ${dim(`(${formatDuration(durationMs)})`)}`);
  if (cheats.length > 0) {
    stdout.line(
      passed
        ? "The agent changed these, and they were taken back before the command ran:"
        : "What the agent changed in what judges it, or what its code did:",
    );
    for (const { kind, path, message } of cheats.slice(0, mostListed)) {
      stdout.line(`  ${yellow("!")} ${kind}: ${path === undefined ? "" : `${safeName(path)} `}${safeLine(message)}`);
    }
    if (cheats.length > mostListed) stdout.line(dim(`  … +${cheats.length - mostListed} more`));
  }
  if (addedTests.length > 0) stdout.line(dim(`${formatCount(addedTests.length, "added test file")} did not count`));
  const weakness = passed && verification.evidence !== undefined ? evidence[verification.evidence] : undefined;
  if (weakness !== undefined) stderr.line(`note: ${weakness}`);
}
