import { join } from "node:path";
import { run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createScriptedModel } from "@glovebox/scripted-model";
import type Docker from "dockerode";
import type { BenchCase } from "../bench-case.ts";
import { type BenchSetup, removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

export const firstEvent: BenchCase = {
  title: "run to the harness's first event",
  reference: "bare container",
  async run(setup) {
    const model = await createScriptedModel({
      script: { turns: [{ text: "Done." }] },
    }).listen();
    try {
      return await measure(8, [
        { name: "glovebox", round: (index) => throughGlovebox(setup, model.url, index) },
        { name: "bare container", round: () => throughBareContainer(setup, model.url) },
      ]);
    } finally {
      await model.close();
    }
  },
};

async function throughGlovebox(setup: BenchSetup, upstream: string, index: number): Promise<number> {
  const start = performance.now();
  const running = run({
    provider: setup.provider,
    harness: createClaudeCode(),
    task: { prompt: "Say that you are done." },
    credential: {
      variable: "ANTHROPIC_API_KEY",
      secret: new Secret("ANTHROPIC_API_KEY", "sk-ant-bench-0000"),
      upstream,
    },
    outputDirectory: join(setup.directory, `out-${index}`),
    home: join(setup.directory, "home"),
  });
  let took = Number.NaN;
  for await (const event of running) {
    if (event.type === "harness.session" && Number.isNaN(took)) took = performance.now() - start;
  }
  const { outcome, reason } = await running.result;
  if (outcome !== "succeeded") throw new Error(`the run ended as ${outcome}: ${reason}`);
  return took;
}

/** The same binary in a container of the same image on the host's own network: nothing sealed, nothing brought back. */
async function throughBareContainer(setup: BenchSetup, upstream: string): Promise<number> {
  const start = performance.now();
  const container = await setup.docker.createContainer({
    Image: setup.template.reference,
    Entrypoint: ["claude"],
    Cmd: [
      "-p",
      "--output-format",
      "stream-json",
      "--verbose",
      "--dangerously-skip-permissions",
      "Say that you are done.",
    ],
    User: "1000:1000",
    WorkingDir: "/workspace",
    Env: [
      "HOME=/home/agent",
      "ANTHROPIC_API_KEY=sk-ant-bench-0000",
      `ANTHROPIC_BASE_URL=${upstream}`,
      "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1",
    ],
    HostConfig: { NetworkMode: "host", Init: true },
  });
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  await container.start();
  await firstInit(stream);
  const took = performance.now() - start;
  await container.wait();
  await removeContainer(container);
  return took;
}

async function firstInit(stream: Awaited<ReturnType<Docker.Container["attach"]>>): Promise<void> {
  let seen = "";
  for await (const chunk of stream) {
    seen += String(chunk);
    if (seen.includes('"subtype":"init"')) return;
  }
  throw new Error(`the bare container said nothing: ${seen.slice(-500)}`);
}
