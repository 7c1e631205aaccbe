import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import type { Command, Stage } from "./stage.ts";
import { until } from "./stage.ts";

/** `glovebox cloudflare dev`, serving. */
export interface DevWorker extends AsyncDisposable {
  readonly url: string;
  readonly key: string;
  readonly command: Command;
  /** What a run needs to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** The containers of its sandboxes, and what stands beside each. */
  containers(): Promise<readonly string[]>;
}

/** Writes a project with a name of its own into the stage's directory, and serves it. */
export async function startDevWorker(stage: Stage, initArgs: readonly string[] = []): Promise<DevWorker> {
  const name = `glovebox-${randomBytes(4).toString("hex")}`;
  const init = await stage.glovebox(["cloudflare", "init", "--name", name, ...initArgs]).done;
  if (init.code !== 0) throw new Error(init.stderr);
  const port = await freePort();
  const command = stage.glovebox(["cloudflare", "dev", "--port", String(port), "--json"]);
  let ended: string | undefined;
  let answer = "";
  command.process.stdout?.on("data", (text: string) => {
    answer += text;
  });
  void command.done.then(({ stderr }) => {
    ended = stderr;
  });
  await until("the Worker serves", () => ended !== undefined || answer.includes("\n"), 180_000);
  if (ended !== undefined) throw new Error(`glovebox cloudflare dev ended: ${ended}`);
  const { url, apiKey } = JSON.parse(answer) as { readonly url: string; readonly apiKey: string };
  return {
    url,
    key: apiKey,
    command,
    env: { GLOVEBOX_CLOUDFLARE_URL: url, GLOVEBOX_CLOUDFLARE_API_KEY: apiKey },
    async containers() {
      const found = await stage.docker.listContainers({ all: true, filters: { name: [`-${name}-SandboxObject-`] } });
      return found.map(({ Id, Names }) => (Names[0]?.endsWith("-proxy") ? `proxy ${Id}` : Id));
    },
    async [Symbol.asyncDispose]() {
      command.process.kill("SIGINT");
      await command.done;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("there is no port");
  return address.port;
}
