import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GloveboxClient, unwrap } from "@glovebox/client";
import type { BenchCase } from "../bench-case.ts";
import { measure } from "../measure.ts";
import { startServerProcess } from "../server-process.ts";

/** The prompt is a script for the shell: each line that it prints is an event. */
const shellHarness = fileURLToPath(new URL("../../../stress/src/shell-harness.ts", import.meta.url));
const events = 2000;
const followers = 100;
const rounds = 3;

/** From the first of the events at the first follower to the last one at the last follower, while the run is running. */
export const serverEvents: BenchCase = {
  title: `${events} events of a run to its followers`,
  reference: "1 follower",
  async run(setup) {
    const home = join(setup.directory, "events-home");
    const env = { ANTHROPIC_API_KEY: "sk-ant-bench-0000" };
    await using server = await startServerProcess(home, { harness: shellHarness }, env);
    return await measure(rounds, [
      { name: `${followers} followers`, round: () => toFollowers(server.client, followers) },
      { name: "1 follower", round: () => toFollowers(server.client, 1) },
    ]);
  },
};

async function toFollowers(client: GloveboxClient, count: number): Promise<number> {
  // Until then every follower has connected.
  const prompt = `sleep 5; i=0; while [ $i -lt ${events} ]; do echo line $i; i=$((i + 1)); done; echo 'stress: done'`;
  const { id } = await unwrap(client.POST("/v1/runs", { body: { prompt } }));
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  const follow = async (): Promise<void> => {
    let lines = 0;
    for await (const { type } of client.events(id)) {
      if (type !== "harness.raw") continue;
      lines += 1;
      first = Math.min(first, performance.now());
      last = Math.max(last, performance.now());
    }
    if (lines < events) throw new Error(`a follower saw ${lines} of ${events} events`);
  };
  await Promise.all(Array.from({ length: count }, follow));
  return last - first;
}
