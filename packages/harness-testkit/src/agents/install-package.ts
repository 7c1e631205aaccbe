import { spawn } from "node:child_process";
import { SandboxUnavailableError } from "@glovebox/core/provider";

/** The largest agents have more than 400 MB. In milliseconds. */
const installTimeoutMs = 20 * 60_000;
const keptOutput = 2000;

/** Runs `npm install` of one exact `name@version` in a directory. Throws `unavailable`, with npm's last words. */
export async function installPackage(directory: string, name: string): Promise<void> {
  const args = ["install", "--prefix", directory, "--no-audit", "--no-fund", "--save-exact", "--loglevel=error", name];
  const child = spawn("npm", args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"], timeout: installTimeoutMs });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-keptOutput);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | string | null>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (exitCode, signal) => done(exitCode ?? signal));
  });
  if (code === 0) return;
  throw new SandboxUnavailableError(`npm could not install ${name} (${code}): ${output.trim() || "no output"}`);
}
