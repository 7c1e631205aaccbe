import { AuthenticationError, RateLimitError, Sandbox, SandboxError } from "e2b";
import { Sandbox as OldSandbox } from "e2b-2-45";
import { describe, expect, test } from "vitest";
import { apiKey, controlFixture } from "./control-fixture.ts";

const fixture = controlFixture({ limits: { maxSandboxes: 4, maxTimeoutSeconds: 3600 } });

describe("who may ask", () => {
  test("whoever has one of the keys, by either header", async () => {
    const second = await fixture.serve({ apiKeys: [apiKey, "another-key"] });
    const answers = await Promise.all(
      [{ "x-api-key": "another-key" }, { "x-api-key": apiKey }].map((headers) =>
        fetch(`${second.url}/v2/sandboxes`, { headers }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const bearer = { authorization: "Bearer another-key" };
    expect((await fetch(`${second.url}/v2/sandboxes`, { headers: bearer })).status).toBe(200);
    await second.close("leave");
  });

  test("nobody else, in E2B's words", async () => {
    const { url, options } = fixture.gateway;
    const none = await fetch(`${url}/v2/sandboxes`);
    expect([none.status, await none.json()]).toMatchObject([401, { code: 401 }]);
    const wrong = Sandbox.create({ ...options, apiKey: "e2b_11111111111111111111111111111111" });
    await expect(wrong).rejects.toBeInstanceOf(AuthenticationError);
    // A path that nothing serves tells no more to whoever has no key.
    expect((await fetch(`${url}/sandboxes/unknown`)).status).toBe(401);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe("what is refused", () => {
  test.each([
    ["no JSON", "{", 400],
    ["no template", {}, 400],
    ["a time-out that is too long", { templateID: "base", timeout: 3601 }, 400],
    ["a negative time-out", { templateID: "base", timeout: -1 }, 400],
    ["a template that nobody knows", { templateID: "unknown-template" }, 404],
    ["a variable that no program can have", { templateID: "base", envVars: { A: "a\0b" } }, 400],
    ["a host with a line end in it", { templateID: "base", network: { maskRequestHost: "a\r\nx: y" } }, 400],
    ["volumes", { templateID: "base", volumeMounts: [{ name: "data", path: "/data" }] }, 400],
    ["identities", { templateID: "base", iam: { tokens: { aws: { audience: "a", tokenType: "b" } } } }, 501],
  ])("%s", async (_, body, status) => {
    const { ask, url } = fixture.gateway;
    const reply =
      typeof body === "string"
        ? await fetch(`${url}/v2/sandboxes`, { method: "POST", headers: { "x-api-key": apiKey }, body })
        : await ask("POST", "/v2/sandboxes", body);
    expect([reply.status, await reply.json()]).toEqual([status, { code: status, message: expect.any(String) }]);
  });

  test("a sandbox without public traffic that is not secured", async () => {
    const body = { templateID: "base", network: { allowPublicTraffic: false } };
    const reply = await fixture.gateway.ask("POST", "/sandboxes", body);
    expect([reply.status, await reply.json()]).toMatchObject([400, { message: expect.stringContaining("secure") }]);
  });

  test("a body that is too large", async () => {
    const metadata = { large: "x".repeat(2 * 1024 * 1024) };
    const reply = await fixture.gateway.ask("POST", "/v2/sandboxes", { templateID: "base", metadata });
    expect([reply.status, await reply.json()]).toMatchObject([413, { code: 413 }]);
  });

  test("what is no path, and what is no id", async () => {
    const { ask } = fixture.gateway;
    expect((await ask("GET", "/sandboxes/there/is/none")).status).toBe(404);
    expect((await ask("PATCH", "/sandboxes")).status).toBe(405);
    expect((await ask("GET", "/sandboxes/%2e%2e%2fkey")).status).toBe(404);
    expect((await ask("DELETE", "/sandboxes/iaaaaaaaaaaaaaaaaaaa")).status).toBe(404);
    expect((await ask("GET", "/v2/sandboxes?limit=0")).status).toBe(400);
    expect((await ask("GET", "/v2/sandboxes?nextToken=none")).status).toBe(400);
    expect((await ask("GET", "/v2/sandboxes?state=dead")).status).toBe(400);
  });
});

describe("limits", () => {
  test("a client that exceeds the rate limit gets a retry time, and the SDK waits for it", async () => {
    const slow = await fixture.serve({ limits: { requestsPerSecond: 1 } });
    const first = await Promise.all(Array.from({ length: 4 }, () => slow.ask("GET", "/v2/sandboxes")));
    expect(first.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
    const refused = first.find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(await refused?.json()).toMatchObject({ code: 429 });
    expect(await Sandbox.list(slow.options).nextItems()).toEqual([]);
    await slow.close("leave");
  });

  test("as many sandboxes at once as there may be, and one that has ended makes room", async () => {
    const created = await Promise.allSettled(Array.from({ length: 6 }, () => fixture.create({ retries: 0 })));
    const running = created.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const refused = created.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect([running.length, refused.length]).toEqual([4, 2]);
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(RateLimitError);
      expect(reason.message).toContain("maximum number of concurrent");
    }
    await running[0]?.pause();
    const next = await fixture.create();
    await expect(running[0]?.connect()).rejects.toBeInstanceOf(RateLimitError);
    await Promise.all([...running, next].map((sandbox) => sandbox.kill()));
  });
});

describe("lists", () => {
  test("come in pages, newest first or last, by metadata, state, template and time", async () => {
    const { options } = fixture.gateway;
    const started = new Date();
    const created: Sandbox[] = [];
    for (const n of ["1", "2", "3"]) created.push(await fixture.create({ metadata: { n, group: "a & b=c" } }));
    const [first, second, third] = created.map(({ sandboxId }) => sandboxId);
    await created[1]?.pause();

    const pages = Sandbox.list({ ...options, limit: 2 });
    const seen = [await ids(pages), pages.hasNext, await ids(pages), pages.hasNext];
    expect(seen).toEqual([[third, second], true, [first], false]);
    // The last item of the page is gone: the list continues after it.
    const turning = Sandbox.list({ ...options, limit: 1 });
    expect(await ids(turning)).toEqual([third]);
    await created[2]?.kill();
    expect(await ids(turning)).toEqual([second]);

    const all = async (wanted: object) => ids(Sandbox.list({ ...options, ...wanted }));
    expect(await all({ order: "asc" })).toEqual([first, second]);
    expect(await all({ query: { metadata: { group: "a & b=c", n: "1" } } })).toEqual([first]);
    expect(await all({ query: { metadata: { group: "a" } } })).toEqual([]);
    expect(await all({ query: { state: ["paused"] } })).toEqual([second]);
    expect(await all({ query: { state: ["running", "paused"] } })).toEqual([second, first]);
    expect(await all({ query: { template: "base" } })).toEqual([second, first]);
    expect(await all({ query: { template: "other" } })).toEqual([]);
    expect(await all({ query: { startedAfter: started } })).toEqual([second, first]);
    expect(await all({ query: { startedAfter: new Date() } })).toEqual([]);
    const old = OldSandbox.list({ ...options, query: { metadata: { n: "2" } } });
    expect((await old.nextItems()).map(({ sandboxId, state }) => [sandboxId, state])).toEqual([[second, "paused"]]);

    const plain = await fixture.gateway.ask("GET", "/sandboxes");
    expect(((await plain.json()) as { sandboxID: string }[]).map(({ sandboxID }) => sandboxID)).toEqual([first]);
    await Promise.all(created.map((sandbox) => sandbox.kill()));
  });
});

describe("the first version of a call", () => {
  test("secures a sandbox only where it is asked to", async () => {
    const { ask, options } = fixture.gateway;
    const reply = await ask("POST", "/sandboxes", { templateID: "base" });
    const open = (await reply.json()) as { sandboxID: string };
    expect(open).not.toHaveProperty("envdAccessToken");
    const sandbox = await Sandbox.connect(open.sandboxID, options);
    expect((await sandbox.commands.run("echo open")).stdout).toBe("open\n");
    expect(await ask("POST", `/sandboxes/${open.sandboxID}/refreshes`, { duration: 600 })).toMatchObject({
      status: 204,
    });
    const leftMs = (await sandbox.getInfo()).endAt.getTime() - Date.now();
    expect(leftMs).toBeGreaterThan(500_000);
    expect(await ask("POST", `/sandboxes/${open.sandboxID}/resume`, {})).toMatchObject({ status: 409 });
    await sandbox.pause();
    expect(await ask("POST", `/sandboxes/${open.sandboxID}/timeout`, { timeout: 60 })).toMatchObject({ status: 404 });
    expect(await ask("POST", `/sandboxes/${open.sandboxID}/resume`, { timeout: 60 })).toMatchObject({ status: 201 });
    await sandbox.kill();
  });
});

test("a sandbox whose container is gone is gone to its client, and its end is nobody's failure", async () => {
  const sandbox = await fixture.create();
  for await (const { id, labels } of fixture.provider.list({ labels: { "glovebox.run": sandbox.sandboxId } })) {
    expect(labels["glovebox.run"]).toBe(sandbox.sandboxId);
    await fixture.provider.destroy(id);
  }
  await expect.poll(() => sandbox.isRunning(), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => sandbox.getInfo().catch((error) => error), { timeout: 20_000 }).toBeInstanceOf(SandboxError);
  expect(await sandbox.kill()).toBe(false);
});

test("a template's envd that is killed is started again", async () => {
  const sandbox = await fixture.create({ envs: { KEPT: "yes" } });
  await sandbox.commands.run("sudo pkill -KILL -f envd-", { timeoutMs: 10_000 }).catch(() => {});
  await expect
    .poll(() => sandbox.commands.run("echo $KEPT").then(({ stdout }) => stdout, String), { timeout: 20_000 })
    .toBe("yes\n");
  await sandbox.kill();
});

test("metrics are there at once, and come with time", async () => {
  const sandbox = await fixture.create();
  const [metric] = await sandbox.getMetrics();
  expect(metric).toMatchObject({
    cpuCount: expect.any(Number),
    memTotal: expect.any(Number),
    diskUsed: expect.any(Number),
  });
  expect(metric?.timestamp.getTime()).toBeGreaterThan(Date.now() - 60_000);
  expect(await sandbox.getMetrics({ start: new Date(Date.now() + 3_600_000) })).toEqual([]);
  const many = await fixture.gateway.ask("GET", `/sandboxes/metrics?sandbox_ids=${sandbox.sandboxId},unknown`);
  expect(await many.json()).toEqual({ sandboxes: { [sandbox.sandboxId]: expect.any(Object) } });
  await sandbox.kill();
});

async function ids(pages: { nextItems(): Promise<readonly { sandboxId: string }[]> }): Promise<string[]> {
  return (await pages.nextItems()).map(({ sandboxId }) => sandboxId);
}
