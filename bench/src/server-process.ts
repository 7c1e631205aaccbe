import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient, type GloveboxClient } from "@glovebox/client";

/** As it is published. */
export const program = fileURLToPath(new URL("../../apps/cli/bin/glovebox.js", import.meta.url));

/** `glovebox serve` in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly client: GloveboxClient;
}

/** Starts a server on a home, with settings as its configuration file has them. */
export async function startServerProcess(
  home: string,
  settings: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  mkdirSync(home, { recursive: true });
  const config = join(home, "server.json");
  writeFileSync(config, JSON.stringify({ port: 0, e2b: false, logLevel: "warn", ...settings }));
  const child = spawn(process.execPath, [program, "serve", "--config", config], {
    env: { ...process.env, ...env, GLOVEBOX_HOME: home },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let seen = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (text: Buffer) => {
      seen += text.toString();
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(seen) ?? [];
      if (found !== undefined) resolve(found);
    });
    void closed.then(([code]) => reject(new Error(`the server ended with ${code}`)));
  });
  const token = readFileSync(join(home, "server", "api-key"), "utf8").trim();
  return {
    ...{ url, token, client: createClient({ url, token }) },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await closed;
    },
  };
}
