import { join } from "node:path";
import { unwrap } from "@glovebox/client";
import { newRunId } from "@glovebox/core";
import { openStore } from "@glovebox/store";
import type { BenchCase } from "../bench-case.ts";
import { measure } from "../measure.ts";
import { startServerProcess } from "../server-process.ts";

const many = 10_000;
const few = 50;
const atOnce = 500;
const rounds = 20;

/** A page of the list, as the dashboard and `glovebox ps` ask for it. */
export const serverList: BenchCase = {
  title: "list of a server's runs, the first page",
  reference: `${few} runs`,
  async run(setup) {
    const places = [few, many].map((count) => ({ count, home: join(setup.directory, `list-${count}`) }));
    for (const { count, home } of places) await fill(join(home, "server", "store"), count);
    await using small = await startServerProcess(places[0]?.home ?? "", { maxRuns: 0 });
    await using large = await startServerProcess(places[1]?.home ?? "", { maxRuns: 0 });
    const list = async ({ client }: typeof small): Promise<undefined> => {
      const { runs } = await unwrap(client.GET("/v1/runs", { params: { query: { limit: 50 } } }));
      if (runs.length !== few) throw new Error(`the list has ${runs.length} runs`);
    };
    return await measure(rounds, [
      { name: `${many.toLocaleString("en-US")} runs`, round: () => list(large) },
      { name: `${few} runs`, round: () => list(small) },
    ]);
  },
};

/** Makes a database with runs that have ended: they were cancelled in the queue. */
async function fill(directory: string, count: number): Promise<void> {
  const store = await openStore({ directory });
  try {
    const { id: userId } = await store.users.create({ name: "bench", role: "runner" });
    for (let created = 0; created < count; created += atOnce) {
      const runs = Array.from({ length: Math.min(atOnce, count - created) }, (_, index) => {
        const prompt = `Fix the failing test number ${created + index}`;
        const names = { harness: "claude-code", provider: "docker", promptPreview: prompt };
        return { id: newRunId(), userId, request: { prompt }, ...names };
      });
      await store.runs.createAll(runs);
      for (const { id } of runs) await store.queue.cancel(id, "Cancelled");
    }
  } finally {
    await store.close();
  }
}
