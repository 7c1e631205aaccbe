import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "./support/start-worker.ts";
import { type SandboxReply, WorkerClient } from "./support/worker-client.ts";

const codeOf = (body: unknown) => (body as { error: { code: string } }).error.code;
const idOf = (body: unknown) => (body as { sandbox: SandboxReply }).sandbox.id;

let worker: RunningWorker;
let client: WorkerClient;
beforeAll(async () => {
  worker = await startWorker();
  client = new WorkerClient(worker);
});
afterEach(async () => {
  const { body } = await client.call("GET", "/v1/sandboxes");
  for (const { id } of (body as { sandboxes: readonly SandboxReply[] }).sandboxes) await client.destroy(id);
});
afterAll(() => worker?.[Symbol.asyncDispose]());

describe("a sandbox of the Worker", () => {
  it("is created once per key, also by concurrent calls", async () => {
    const spec = { idempotencyKey: randomUUID(), ttlMs: 60_000, labels: { owner: "one" } };
    const calls = [1, 2, 3].map(() => client.call("POST", "/v1/sandboxes", spec));
    const replies = await Promise.all(calls);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(replies.map(({ body }) => idOf(body))).size).toBe(1);
    expect(await containers(worker)).toHaveLength(1);
    const id = idOf(replies[0]?.body);
    expect(await client.info(id)).toMatchObject({ state: "running", labels: { owner: "one" } });

    await client.destroy(id);
    expect((await client.call("GET", `/v1/sandboxes/${id}`)).status).toBe(404);
    expect(await containers(worker)).toEqual([]);
    expect((await client.call("POST", "/v1/sandboxes", spec)).status).toBe(201);
  });

  it("is created completely even if the client disconnects", async () => {
    const spec = { idempotencyKey: randomUUID(), ttlMs: 60_000 };
    const gone = new AbortController();
    const call = client.call("POST", "/v1/sandboxes", spec, gone.signal).catch(() => "gone");
    await appears(async () => (await containers(worker)).length > 0);
    gone.abort();
    expect(await call).toBe("gone");
    const { status, body } = await client.call("POST", "/v1/sandboxes", spec);
    expect(status).toBe(200);
    expect(await client.run(idOf(body), "echo here")).toBe("here\n");
  });

  it("can be removed while it is starting", async () => {
    const spec = { idempotencyKey: randomUUID(), ttlMs: 60_000 };
    const call = client.call("POST", "/v1/sandboxes", spec);
    let id = "";
    await appears(async () => {
      const { body } = await client.call("GET", "/v1/sandboxes");
      id = (body as { sandboxes: readonly SandboxReply[] }).sandboxes[0]?.id ?? "";
      return id !== "";
    });
    await client.destroy(id);
    expect([201, 404]).toContain((await call).status);
    expect((await client.call("GET", `/v1/sandboxes/${id}`)).status).toBe(404);
    expect(await containers(worker)).toEqual([]);
  });

  it("runs programs as the agent, which is not root and cannot become root", async () => {
    const { id } = await client.create();
    expect(await client.run(id, "id -u; pwd; ls -A /workspace; sudo -n id 2>&1 | head -1")).toMatch(
      /^1000\n\/workspace\nsudo: .*no new privileges/,
    );
    expect(await client.run(id, "grep -E 'CapPrm|CapEff|NoNewPrivs' /proc/self/status")).toBe(
      "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n",
    );
    const supervisor = "ps axo pid,args | awk '/[s]upervisor.cjs serve/ { print $1 }'";
    expect(await client.run(id, `kill -9 1 $(${supervisor}); cat /proc/1/environ; ${supervisor} | wc -l`)).toBe("1\n");
  });

  it("reaps dead processes", async () => {
    const { id } = await client.create();
    await client.run(id, "for i in 1 2 3; do setsid sh -c 'sleep 0.1 &' & done; wait");
    await appears(async () => (await client.run(id, "ps axo stat,args | grep -c '^Z' || :")) === "0\n");
  });

  it("has a root inside if requested", async () => {
    const { id } = await client.create({ rootInside: true });
    expect(
      await client.run(id, "sudo id -u; su -c 'id -u'; id -u; sudo chown 0:0 /workspace && ls -ldn /workspace"),
    ).toMatch(/^0\n0\n1000\n\S+ \d+ 0 0 /);
    expect(await client.run(id, "HTTPS_PROXY=kept sudo sh -c 'echo $HTTPS_PROXY $HOME'")).toBe("kept /root\n");
  });

  it("gets the supervisor and the user if the image lacks them", async () => {
    const { id } = await client.create({ image: "bare" });
    expect(await client.run(id, "id; pwd; echo hi > a; ls -ld ~ /output /opt/glovebox/supervisor.cjs")).toMatch(
      /^uid=1000\(agent\) gid=1000\(agent\).*\n\/workspace\n.*agent agent.*\/home\/agent\n.*supervisor.cjs\n.*-> \/workspace\n$/s,
    );
  });
});

describe("a list of sandboxes", () => {
  it("contains all sandboxes with the labels, in pages", async () => {
    const owner = randomUUID();
    const created = await Promise.all(["a", "b", "a=b c"].map((kind) => client.create({ labels: { owner, kind } })));
    await client.create({ labels: { owner: `${owner}x` } });
    const list = async (query: string) => {
      const { body } = await client.call("GET", `/v1/sandboxes?${query}`);
      const { sandboxes, cursor } = body as { sandboxes: readonly SandboxReply[]; cursor?: string };
      return { ids: sandboxes.map(({ id }) => id), cursor };
    };
    const label = `label=owner%3D${owner}`;
    expect(await list(label)).toEqual({ ids: created.map(({ id }) => id).sort(), cursor: undefined });
    expect((await list(`${label}&label=kind%3Da%3Db%20c`)).ids).toEqual([created[2]?.id]);
    expect((await list(`${label}&label=kind%3Dz`)).ids).toEqual([]);
    expect((await list(`${label}&label=kind%3Dz&label=kind%3Da`)).ids).toEqual([]);
    const first = await list(`${label}&limit=2`);
    expect(first.ids).toHaveLength(2);
    const second = await list(`${label}&limit=2&cursor=${first.cursor}`);
    expect([...first.ids, ...second.ids]).toEqual(created.map(({ id }) => id).sort());
    expect(second.cursor).toBeUndefined();
    expect(codeOf((await client.call("GET", "/v1/sandboxes?limit=0")).body)).toBe("invalid-options");
    expect(codeOf((await client.call("GET", "/v1/sandboxes?label=none")).body)).toBe("invalid-options");
  });
});

describe("a lease", () => {
  it("stops the sandbox at its end and keeps its files until it is woken", async () => {
    const { id } = await client.create();
    await client.run(id, "echo kept > file; ln -s file link; sleep 1000 >/dev/null 2>&1 &");
    await client.call("POST", `/v1/sandboxes/${id}/extend`, { ttlMs: 1000 });
    const stopped = await client.until(id, "stopped");
    expect(stopped).toMatchObject({ recoverable: true });
    expect(stopped.stopReason).toBeUndefined();
    await appears(async () => (await containers(worker)).length === 0);

    const { status, body } = await client.call("POST", `/v1/sandboxes/${id}/extend`, { ttlMs: 1000 });
    expect([status, codeOf(body)]).toEqual([409, "stopped"]);
    await expect(client.connect(id)).rejects.toThrow(/409.*stopped/);

    const woken = await client.call("POST", `/v1/sandboxes/${id}/wake`, { ttlMs: 60_000 });
    expect(woken.body).toMatchObject({ sandbox: { id, state: "running" } });
    expect(await client.run(id, "cat link; pgrep sleep || echo none")).toBe("kept\nnone\n");
    await client.destroy(id);
    expect((await client.call("POST", `/v1/sandboxes/${id}/wake`, { ttlMs: 60_000 })).status).toBe(404);
  });

  it("starts again at each extension", async () => {
    const { id } = await client.create({ ttlMs: 60_000 });
    const before = Date.now();
    await client.call("POST", `/v1/sandboxes/${id}/extend`, { ttlMs: 30_000 });
    const { leaseEndsAt } = await client.info(id);
    expect(Date.parse(leaseEndsAt)).toBeGreaterThanOrEqual(before + 30_000);
    expect(Date.parse(leaseEndsAt)).toBeLessThan(before + 60_000);
  });
});

describe("a container that exits by itself", () => {
  it("is reported as a stopped sandbox that cannot be woken", async () => {
    const { id } = await client.create();
    const [container] = await containers(worker);
    await worker.engine.getContainer(container ?? "").kill();
    const info = await client.until(id, "stopped");
    expect(info.recoverable).toBe(false);
    const { status, body } = await client.call("POST", `/v1/sandboxes/${id}/wake`, { ttlMs: 60_000 });
    expect([status, codeOf(body)]).toEqual([409, "stopped"]);
  });
});

describe("a snapshot", () => {
  it("can be the source of other sandboxes until it is removed", async () => {
    const { id } = await client.create();
    await client.run(id, "echo one > file");
    const { body } = await client.call("POST", `/v1/sandboxes/${id}/snapshot`);
    const { snapshot } = body as { snapshot: string };
    await client.run(id, "echo two > file");
    const other = await client.create({ snapshot });
    expect(await client.run(other.id, "cat file")).toBe("one\n");
    expect(await client.run(id, "cat file")).toBe("two\n");

    await client.call("DELETE", `/v1/snapshots/${snapshot}`);
    const refused = await client.call("POST", "/v1/sandboxes", {
      idempotencyKey: randomUUID(),
      ttlMs: 60_000,
      snapshot,
    });
    expect([refused.status, codeOf(refused.body)]).toEqual([422, "template"]);
  });
});

describe("the Worker's settings", () => {
  it("limit the number of running sandboxes", async () => {
    await using small = await startWorker({ settings: { maxSandboxes: 1 } });
    const few = new WorkerClient(small);
    const { id } = await few.create();
    const { status, body } = await few.call("POST", "/v1/sandboxes", { idempotencyKey: randomUUID(), ttlMs: 60_000 });
    expect([status, codeOf(body)]).toEqual([403, "quota"]);
    await few.destroy(id);
    await few.destroy((await few.create()).id);
  });

  it("limit how long a stopped sandbox is kept", async () => {
    await using short = await startWorker({ settings: { retentionDays: 0.00001 } });
    const forgetful = new WorkerClient(short);
    const { id } = await forgetful.create({ ttlMs: 1000 });
    await appears(async () => (await forgetful.call("GET", `/v1/sandboxes/${id}`)).status === 404);
    expect((await forgetful.call("GET", "/v1/sandboxes")).body).toEqual({ sandboxes: [] });
  });
});

describe("a restarted Worker", () => {
  it("knows its sandboxes, ends expired leases and reports lost containers", async () => {
    const storage = await mkdtemp(join(tmpdir(), "glovebox-worker-"));
    const options = { storage, name: `glovebox-${randomUUID().slice(0, 8)}`, apiKey: "the same key" };
    try {
      let id = "";
      {
        await using first = await startWorker(options);
        id = (await new WorkerClient(first).create({ labels: { a: "b" } })).id;
      }
      await using second = await startWorker(options);
      const again = new WorkerClient(second);
      const info = await again.until(id, "stopped");
      expect(info).toMatchObject({ labels: { a: "b" }, recoverable: false });
      await again.destroy(id);
      expect((await again.call("GET", "/v1/sandboxes")).body).toEqual({ sandboxes: [] });
    } finally {
      await rm(storage, { recursive: true });
    }
  });
});

/** The ids of a Worker's running containers, without the network proxy of each. */
async function containers({ engine, name }: RunningWorker): Promise<string[]> {
  const found = await engine.listContainers({ filters: { name: [`-${name}-SandboxObject-`] } });
  return found.filter(({ Names }) => !Names.some((one) => one.endsWith("-proxy"))).map(({ Id }) => Id);
}

async function appears(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error("the condition is still false after a minute");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
