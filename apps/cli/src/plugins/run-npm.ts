import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeHostDirectorySync } from "@glovebox/core/host-files";
import { proxyVariables } from "@glovebox/core/host-proxy";
import { InvalidOptionsError, SandboxUnavailableError } from "@glovebox/core/provider";
import { execa } from "execa";

/** Runs npm on the user's own packages. Scripts of packages are not run: a provider needs none to be loaded. */
export async function runNpm(directory: string, action: "install" | "uninstall", what: string): Promise<void> {
  makeHostDirectorySync(directory, 0o700);
  if (!existsSync(join(directory, "package.json")))
    writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--save-exact", "--no-audit", "--no-fund", "--no-update-notifier"];
  const { failed, code, stderr } = await execa("npm", [action, ...flags, "--prefix", directory, "--", what], {
    cwd: directory,
    env: proxyVariables(process.env),
    reject: false,
    stdin: "ignore",
  });
  if (code === "ENOENT") {
    throw new SandboxUnavailableError("npm is not there", { retryable: false, hint: "Install Node with npm." });
  }
  if (!failed) return;
  const lines = stderr
    .split("\n")
    .filter((line) => /^npm (?:error|ERR!) (?!A complete log|code|errno|syscall)/.test(line));
  const why = lines[0]?.replace(/^npm (?:error|ERR!)\s*(?:\d+\s*)?/, "");
  throw new InvalidOptionsError(`npm could not ${action} ${what}: ${why ?? "it did not say why"}`, {
    hint: "Is the name right, and the registry of your npm configuration reachable?",
  });
}
