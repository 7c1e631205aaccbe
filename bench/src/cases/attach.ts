import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { newRunId, run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createScriptedModel } from "@glovebox/scripted-model";
import type { BenchCase } from "../bench-case.ts";
import { removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

/** As it is published: from source, most of the time would go into its compilation. */
const cli = new URL("../../../apps/cli/", import.meta.url);
const program = fileURLToPath(new URL("bin/glovebox.js", cli));
const detachKeys = "\x10\x11";
const screenBytes = 200;
const rounds = 8;
const roundMs = 60_000;

/** From the command to the screen of the agent, drawn again in a new terminal. */
export const attach: BenchCase = {
  title: "attach to an interactive run, to its first screen",
  reference: "docker exec -it",
  async run(setup) {
    if (!existsSync(new URL("dist", cli))) throw new Error("The command is not built: turbo run build");
    const model = await createScriptedModel({ script: { turns: [{ text: "Done." }] } }).listen();
    const home = join(setup.directory, "attach-home");
    const runId = newRunId();
    const running = run(
      {
        ...{ provider: setup.provider, harness: createClaudeCode(), home, interactive: true, task: { prompt: "" } },
        credential: {
          ...{ variable: "ANTHROPIC_API_KEY", upstream: model.url },
          secret: new Secret("ANTHROPIC_API_KEY", "sk-ant-bench-0000"),
        },
        outputDirectory: join(setup.directory, "attached"),
      },
      { runId },
    );
    const container = await setup.newContainer();
    try {
      await untilStarted(running);
      return await measure(rounds, [
        { name: "glovebox", round: () => throughGlovebox(runId, { ...process.env, GLOVEBOX_HOME: home }) },
        { name: "docker exec -it", round: () => throughDocker(container.id) },
      ]);
    } finally {
      running.abort();
      await running.result;
      await removeContainer(container);
      await model.close();
    }
  },
};

async function untilStarted(running: AsyncIterable<{ readonly type: string }>): Promise<void> {
  for await (const { type } of running) if (type === "terminal.start") return;
  throw new Error("the run ended before its agent had a terminal");
}

async function throughGlovebox(runId: string, env: NodeJS.ProcessEnv): Promise<number> {
  // What is drawn follows the command that empties the screen.
  const isDrawn = (text: string) => {
    const at = text.indexOf("\x1b[2J");
    return at !== -1 && text.length - at > screenBytes;
  };
  return await untilShown([process.execPath, program, "attach", runId], { env, isDrawn, keys: detachKeys });
}

async function throughDocker(containerId: string): Promise<number> {
  const draw = `printf %0${screenBytes}d 0; cat`;
  const argv = ["docker", "exec", "-it", containerId, "sh", "-c", draw];
  return await untilShown(argv, { env: process.env, isDrawn: (text) => text.length >= screenBytes, keys: "\x04" });
}

/** Runs a command in a terminal until it has drawn, and lets it leave. */
async function untilShown(
  argv: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly isDrawn: (text: string) => boolean;
    readonly keys: string;
  },
): Promise<number> {
  const { env, isDrawn, keys } = options;
  const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const start = performance.now();
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", words, "/dev/null"], {
    ...{ env: { ...env, TERM: "xterm-256color" }, stdio: ["pipe", "pipe", "ignore"], timeout: roundMs },
  });
  const closed = once(child, "close");
  let text = "";
  const drawn = new Promise<number>((resolve) => {
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      if (isDrawn(text)) resolve(performance.now() - start);
    });
  });
  const ended = closed.then(() => Promise.reject(new Error(`it ended before it had drawn: ${text.slice(-500)}`)));
  ended.catch(() => {});
  const took = await Promise.race([drawn, ended]);
  // Keys that come at once with the first screen may still be read as part of the program's start.
  await sleep(100);
  child.stdin.end(keys);
  await closed;
  return took;
}
