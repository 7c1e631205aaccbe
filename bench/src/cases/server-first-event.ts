import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createScriptedModel } from "@glovebox/scripted-model";
import type { BenchCase } from "../bench-case.ts";
import type { BenchSetup } from "../bench-setup.ts";
import { measure } from "../measure.ts";
import { program, type ServerProcess, startServerProcess } from "../server-process.ts";

const rounds = 8;

/** From the command to the agent's first event: the same command, with a server and without one. */
export const serverFirstEvent: BenchCase = {
  title: "glovebox run to the agent's first event, through a server",
  reference: "without a server",
  async run(setup) {
    const model = await createScriptedModel({ script: { turns: [{ text: "Done." }] } }).listen();
    const env = { ANTHROPIC_API_KEY: "sk-ant-bench-0000", ANTHROPIC_BASE_URL: model.url };
    try {
      await using server = await startServerProcess(join(setup.directory, "server-home"), {}, env);
      return await measure(rounds, [
        {
          name: "through a server",
          round: (index) => firstEvent(["--server", server.url], setup, index, tokenOf(server)),
        },
        { name: "without a server", round: (index) => firstEvent([], setup, index, env) },
      ]);
    } finally {
      await model.close();
    }
  },
};

function tokenOf({ token }: ServerProcess) {
  return { GLOVEBOX_SERVER_TOKEN: token };
}

async function firstEvent(
  server: readonly string[],
  { directory }: BenchSetup,
  index: number,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const output = join(directory, `first-${server.length === 0 ? "alone" : "server"}-${index}`);
  const args = [...server, "run", "Say that you are done.", "--network", "sealed", "--output", output, "--json"];
  const start = performance.now();
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, GLOVEBOX_HOME: join(directory, "cli-home"), GLOVEBOX_NO_UPDATE_CHECK: "1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let took = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number.isNaN(took) && line.includes('"harness.session"')) took = performance.now() - start;
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`glovebox ${args.join(" ")} ended with ${code}`);
  return took;
}
