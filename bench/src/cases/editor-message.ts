import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { client, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";
import type { BenchCase } from "../bench-case.ts";
import { type BenchSetup, removeContainer } from "../bench-setup.ts";
import { clockProgram, messageCount } from "../editor/clock-agent.ts";

/** As it is published: from source, most of the time would go into its compilation. */
const cli = new URL("../../../apps/cli/", import.meta.url);
const program = fileURLToPath(new URL("bin/glovebox.js", cli));
const agent = fileURLToPath(new URL("../editor/clock-agent.ts", import.meta.url));
const rounds = 4;

/** From the agent's write to the editor that has read the message. */
export const editorMessage: BenchCase = {
  title: "message of the agent to the editor",
  reference: "agent's messages raw",
  async run(setup) {
    if (!existsSync(new URL("dist", cli))) throw new Error("The command is not built: turbo run build");
    const raw: number[] = [];
    const throughGlovebox: number[] = [];
    for (let round = 0; round < rounds; round++) {
      raw.push(...(await bareMessages(setup)));
      throughGlovebox.push(...(await editorMessages(setup)));
    }
    return [
      { contender: "glovebox acp", timesMs: throughGlovebox.toSorted((a, b) => a - b) },
      { contender: "agent's messages raw", timesMs: raw.toSorted((a, b) => a - b) },
    ];
  },
};

const age = (text: string) => performance.timeOrigin + performance.now() - Number(text);

/** What the engine's own stream of the container's output takes. */
async function bareMessages({ docker, template }: BenchSetup): Promise<number[]> {
  const container = await docker.createContainer({
    Image: template.reference,
    Entrypoint: ["node", "--eval", clockProgram],
    User: "1000:1000",
    Tty: true,
    HostConfig: { NetworkMode: "none", Init: true },
  });
  const stream = await container.attach({ stream: true, stdout: true });
  const ages: number[] = [];
  const lines = createInterface({ input: stream }).on("line", (line) => ages.push(age(line)));
  await container.start();
  await once(lines, "close");
  await removeContainer(container);
  return whole(ages);
}

async function editorMessages({ directory }: BenchSetup): Promise<number[]> {
  const [home, cwd] = [join(directory, "editor-home"), join(directory, "editor")];
  mkdirSync(cwd, { recursive: true });
  const child = spawn(process.execPath, [program, "acp", "--harness", agent, "--sync", "end"], {
    env: { ...process.env, GLOVEBOX_HOME: home, ANTHROPIC_API_KEY: "sk-ant-bench-0000" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ages: number[] = [];
  const connection = client({ name: "bench" })
    .onRequest(methods.client.session.requestPermission, () => ({ outcome: { outcome: "cancelled" as const } }))
    .onNotification(methods.client.session.update, ({ params: { update } }) => {
      if (update.sessionUpdate === "agent_message_chunk" && update.content.type === "text")
        ages.push(age(update.content.text));
    })
    .connect(
      ndJsonStream(
        Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
        Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
      ),
    );
  const { agent: glovebox } = connection;
  await glovebox.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
  const { sessionId } = await glovebox.request(methods.agent.session.new, { cwd, mcpServers: [] });
  const prompt = { sessionId, prompt: [{ type: "text" as const, text: "The time?" }] };
  // An agent that asked no model has failed: its messages are what counts here.
  await glovebox.request(methods.agent.session.prompt, prompt).catch(() => {});
  child.stdin.end();
  await once(child, "exit");
  return whole(ages);
}

function whole(ages: readonly number[]): number[] {
  const valid = ages.filter(Number.isFinite);
  if (valid.length !== messageCount) throw new Error(`${valid.length} of ${messageCount} messages arrived`);
  return valid;
}
