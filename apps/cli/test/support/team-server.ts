import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command, Stage } from "./stage.ts";

const bubblewrap = fileURLToPath(new URL("../../../../examples/third-party-provider", import.meta.url));

/** Where nothing says that bubblewrap should be there, a machine may be without it. */
export const hasBubblewrap = Boolean(process.env.CI) || spawnSync("bwrap", ["--version"]).status === 0;

/** A server of a team beside a user's machine, in a process and with a home of its own. */
export interface TeamServer {
  readonly url: string;
  /** A token of the user `admin`. */
  readonly token: string;
  readonly process: Command["process"];
  /** `glovebox --server URL`, on the user's machine, which has no model's key and no engine. */
  glovebox(args: readonly string[], options?: { readonly stdin?: string }): Command;
}

/**
 * Starts `glovebox serve`. `stateDir`: what bubblewrap has prepared; without it, the sandboxes are Docker's. `port`: that of a
 * server that has ended and returns; otherwise a free one.
 */
export async function startTeamServer(
  stage: Stage,
  { stateDir, port = 0 }: { readonly stateDir?: string; readonly port?: number } = {},
): Promise<TeamServer> {
  const home = join(dirname(stage.home), "server-home");
  mkdirSync(home, { recursive: true });
  const config = join(home, "server.json");
  const provider = stateDir === undefined ? {} : { provider: bubblewrap, providerSettings: { stateDir } };
  writeFileSync(config, JSON.stringify({ ...provider, port, e2b: false, logLevel: "warn" }));
  const server = stage.glovebox(["serve", "--config", config], { env: { GLOVEBOX_HOME: home } });
  const url = await untilListening(server);
  const token = readFileSync(join(home, "server", "api-key"), "utf8").trim();
  const env = { ANTHROPIC_API_KEY: undefined, ANTHROPIC_BASE_URL: undefined, DOCKER_HOST: "unix:///nonexistent" };
  return {
    ...{ url, token, process: server.process },
    glovebox: (args, options = {}) => stage.glovebox(["--server", url, ...args], { ...options, env }),
  };
}

/** Resolves to the address that a server prints once it listens. */
export async function untilListening({ process, done }: Command): Promise<string> {
  let seen = "";
  return await new Promise((resolve, reject) => {
    process.stdout?.on("data", (text: string) => {
      seen += text;
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(seen) ?? [];
      if (found !== undefined) resolve(found);
    });
    void done.then(({ code, stderr }) => reject(new Error(`the server ended with ${code}: ${stderr}`)));
  });
}
