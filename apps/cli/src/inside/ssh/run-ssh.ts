import { spawn } from "node:child_process";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Terminal } from "../../terminal.ts";
import { readHostKey } from "./host-key.ts";
import { sshHostPrefix, sshOptions } from "./ssh-config.ts";

export interface RunSshOptions {
  /** The run's short name. */
  readonly name: string;
  /** The run, as the proxy finds it wherever it is started. */
  readonly runId: string;
  readonly provider: string | undefined;
  /** The state directory. */
  readonly home: string;
  /** What stood after `--`: the command, and ssh's own options before it. */
  readonly args: readonly string[];
  readonly terminal: Terminal;
}

/** Starts this machine's own `ssh` for the sandbox of a run. Resolves to its exit code. */
export async function runSsh({ name, runId, provider, home, args, terminal }: RunSshOptions): Promise<number> {
  const { knownHostsFile } = readHostKey(home);
  const options = sshOptions({ reference: runId, knownHostsFile, provider, env: terminal.env });
  const set = Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const child = spawn("ssh", [...set, `${sshHostPrefix}${name}`, ...args], { stdio: "inherit" });
  return await new Promise<number>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(
        new InvalidOptionsError(`ssh cannot be started: ${cause.message}`, {
          hint: "Install an OpenSSH client, or use `glovebox shell`, which needs none.",
          cause,
        }),
      ),
    );
    child.once("close", (code) => resolve(code ?? 255));
  });
}
