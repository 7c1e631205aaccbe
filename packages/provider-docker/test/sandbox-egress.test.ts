import { createServer, type Server } from "node:http";
import { type EgressEvent, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();
const key = `key-${Math.random().toString(36).slice(2)}`;
let server: Server;
let egress: EgressPolicy;

/** A model's API that answers with the credential it was sent, backwards, so that the answer does not hold it. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const sent = String(request.headers["x-api-key"] ?? "none");
    request.resume().on("end", () => response.end(`${request.method} ${request.url} ${[...sent].reverse().join("")}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  egress = {
    mode: "sealed",
    models: [
      {
        id: "model",
        upstream: `http://127.0.0.1:${port}`,
        paths: [{ method: "POST", path: "/v1/messages" }],
        credential: { header: "x-api-key", secret: new Secret("TEST_KEY", key) },
      },
    ],
  };
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (url: string | undefined, path: string): [string, ...string[]] => [
  "curl",
  "-s",
  "-m",
  "3",
  "-w",
  " %{http_code}",
  "-H",
  "x-api-key: from-inside",
  "-d",
  "{}",
  `${url}${path}`,
];

describe("a sandbox's egress", () => {
  it("reaches the model's API alone, with the credential added outside", async () => {
    const events: EgressEvent[] = [];
    const egressObserver = { onRequest: (event: EgressEvent) => events.push(event) };
    await using sandbox = await fixture.create({ egress }, { egressObserver });
    const url = sandbox.modelUrls.model;
    const reversed = [...key].reverse().join("");
    expect((await run(sandbox, post(url, "/v1/messages"))).stdout).toBe(`POST /v1/messages ${reversed} 200`);
    expect((await run(sandbox, post(url, "/v1/files"))).stdout).toMatch(/ 403$/);
    expect(events.map(({ decision, status }) => [decision, status])).toEqual([
      ["allowed", 200],
      ["denied", 403],
    ]);
    const everything =
      "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; grep -rl x-api-key /tmp /workspace /home";
    expect((await shell(sandbox, everything)).stdout).not.toContain(key);
  });

  it("is shut when nobody serves it, and opens again for whoever connects with a policy", async () => {
    const first = await fixture.create({ egress });
    const url = first.modelUrls.model;
    await first.close();
    {
      await using closed = await fixture.provider.connect(first.id);
      expect(closed.modelUrls).toEqual({});
      expect((await run(closed, post(url, "/v1/messages"))).stdout).toBe(" 000");
    }
    await using second = await fixture.provider.connect(first.id, { egress });
    expect((await run(second, post(second.modelUrls.model, "/v1/messages"))).stdout).toMatch(/^POST .* 200$/);
    await second.destroy();
  });

  it("is shut in the mode none", async () => {
    await using sandbox = await fixture.create({ egress: { ...egress, mode: "none" } });
    expect(sandbox.modelUrls).toEqual({});
    expect((await run(sandbox, ["curl", "-s", "-m", "5", "http://127.0.0.1:47821/"])).exitCode).not.toBe(0);
  });
});
