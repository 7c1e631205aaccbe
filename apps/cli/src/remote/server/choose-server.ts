import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { loadUserConfig } from "../../config/user-config.ts";
import type { Terminal } from "../../terminal.ts";
import { parseServerAddress } from "./server-address.ts";

const onServer: ReadonlySet<string> = new Set([
  ...["run", "resume", "fork"],
  ...["ps", "logs", "wait", "stop", "rm", "diff", "apply", "attach", "cp", "share"],
]);

/** Commands about runs that only work where the run is. */
const onHost: ReadonlySet<string> = new Set([
  ...[
    "monitor",
    "network",
    "cost",
    "verify",
    "session",
    "batch",
    "reap",
    "exec",
    "shell",
    "open",
    "port",
    "ssh",
    "stats",
  ],
  ...["pause", "wake", "snapshot", "acp", "demo"],
]);

/** Commands that mean the server only where the command line names it. */
const ofFlag: ReadonlySet<string> = new Set(["login", "logout"]);

/**
 * Finds the server that a command works with: by `--server`, `GLOVEBOX_SERVER_URL` or `server` in the user's configuration file.
 * `undefined` for this machine. Throws for a command that a server does not have.
 */
export async function chooseServer(
  command: string,
  flag: string | undefined,
  { env }: Pick<Terminal, "env">,
): Promise<string | undefined> {
  const isKnown = onServer.has(command) || onHost.has(command);
  if (flag === undefined && !isKnown) return undefined;
  const server = await addressOf(flag, env);
  if (server === undefined || onServer.has(command) || ofFlag.has(command)) return server;
  throw new InvalidOptionsError(`\`glovebox ${command}\` does not work with a server`, {
    hint: onHost.has(command)
      ? `The dashboard at ${server} shows its runs. For runs of this machine: glovebox --server local ${command}`
      : "Leave --server out.",
  });
}

async function addressOf(flag: string | undefined, env: Terminal["env"]): Promise<string | undefined> {
  if (flag !== undefined) return parseServerAddress(flag, "--server");
  const { GLOVEBOX_SERVER_URL: fromEnv } = env;
  if (fromEnv !== undefined) return parseServerAddress(fromEnv, "GLOVEBOX_SERVER_URL");
  const { config } = await loadUserConfig(stateDirectory(env));
  return config.server === undefined ? undefined : parseServerAddress(config.server, '"server" in config.json');
}
