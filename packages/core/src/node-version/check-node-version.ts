import { readFileSync } from "node:fs";

/**
 * Returns whether this Node is new enough for Glovebox. Otherwise it prints one line that says what `command` needs, and sets
 * the exit code to 3. A command calls it before it loads anything else, which an older Node would fail on with a stack trace.
 */
export function checkNodeVersion(command: string, version: string = process.versions.node): boolean {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const needed = (JSON.parse(manifest) as { engines: { node: string } }).engines.node.replace(">=", "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split(".").map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return true;
  process.stderr.write(`error: ${command} needs Node ${needed} or newer; this is Node ${version}\n`);
  process.exitCode = 3;
  return false;
}
