import { createHash } from "node:crypto";
import { type GloveboxClient, unwrap } from "@glovebox/client";
import { lastLine } from "../shell-harness.ts";

/** What a client does in one round. */
export type ServeRound = "follow to the end" | "stop" | "stop by force";

/** Chooses what a client does: most rounds run to their end. */
export function chooseRound(number: number): ServeRound {
  if (number % 7 === 3) return "stop";
  return number % 11 === 5 ? "stop by force" : "follow to the end";
}

/** Starts a run, follows it, stops or downloads it, and removes it. Resolves to what was not as it must be. */
export async function serveRound(client: GloveboxClient, round: ServeRound, text: string): Promise<string | undefined> {
  const work = round === "follow to the end" ? "" : "sleep 120;";
  const prompt = `printf '%s' '${text}' > made.txt; for i in 1 2 3 4 5; do echo line $i; done; ${work} echo '${lastLine}'`;
  const { id } = await unwrap(client.POST("/v1/runs", { body: { prompt } }));
  const path = { id };
  let events = 0;
  for await (const event of client.events(id)) {
    events += 1;
    if (event.seq !== events) return `${id}: the event ${event.seq} came in place of ${events}`;
    if (event.type === "harness.raw" && round !== "follow to the end") {
      await unwrap(client.POST("/v1/runs/{id}/stop", { params: { path }, body: { force: round === "stop by force" } }));
    }
  }
  const run = await untilEnded(client, id);
  const wanted = round === "follow to the end" ? "succeeded" : "cancelled";
  if (run.outcome !== wanted) return `${id} (${round}): ${run.outcome}: ${run.reason}`;
  if (round === "follow to the end") {
    const file = await unwrap(
      client.GET("/v1/runs/{id}/files/{path}", { params: { path: { id, path: "made.txt" } }, parseAs: "arrayBuffer" }),
    );
    if (hash(Buffer.from(file)) !== hash(text)) return `${id}: made.txt is not what the run wrote`;
    await unwrap(client.GET("/v1/runs/{id}/archive", { params: { path }, parseAs: "arrayBuffer" }));
  }
  await unwrap(client.DELETE("/v1/runs/{id}", { params: { path } }));
  return undefined;
}

async function untilEnded(client: GloveboxClient, id: string) {
  for (;;) {
    const run = await unwrap(client.GET("/v1/runs/{id}", { params: { path: { id } } }));
    if (run.state === "ended") return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function hash(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
