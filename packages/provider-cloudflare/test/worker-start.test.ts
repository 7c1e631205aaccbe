import { randomUUID } from "node:crypto";
import { resolveEngineEndpoint } from "@glovebox/provider-docker";
import { describe, expect, it } from "vitest";
import { startFailingEngine } from "./support/failing-engine.ts";
import { startWorker } from "./support/start-worker.ts";
import { WorkerClient } from "./support/worker-client.ts";

describe("a container that the engine fails to start at first", () => {
  it.each([
    ["cannot be created", /^POST \S*\/containers\/create/],
    ["cannot be started", /^POST \S*\/containers\/[^/]+\/start/],
    ["cannot be waited for", /^POST \S*\/containers\/[^/]+\/wait/],
  ])("and that %s is started again for the same call", async (_, matches) => {
    const socketPath = (await resolveEngineEndpoint()).description.replace(/^unix:\/\//, "");
    await using engine = await startFailingEngine(socketPath, { matches, times: 2 });
    await using worker = await startWorker({ engineSocket: engine.address });
    const client = new WorkerClient(worker);
    const { status, body } = await client.call("POST", "/v1/sandboxes", {
      idempotencyKey: randomUUID(),
      ttlMs: 60_000,
    });
    expect({ status, body }).toMatchObject({ status: 201, body: { sandbox: { state: "running" } } });
    expect(engine.failed()).toBe(2);
    const { id } = (body as { sandbox: { id: string } }).sandbox;
    expect(await client.run(id, "echo here")).toBe("here\n");
  });
});
