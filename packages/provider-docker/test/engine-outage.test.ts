import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createDockerProvider } from "../src/index.ts";
import { engineProxy } from "./engine-proxy.ts";
import { run, sandboxFixture } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

/** Does this in place of the first start of a container. */
function atFirstStart(then: (client: Socket) => void) {
  let isDone = false;
  return (piece: Buffer, client: Socket): boolean => {
    if (isDone || !/^POST \/containers\/\w+\/start /.test(piece.toString("latin1"))) return false;
    isDone = true;
    then(client);
    return true;
  };
}

function answer(message: string) {
  const body = JSON.stringify({ message });
  return (client: Socket) =>
    client.write(`HTTP/1.1 500 X\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}

it("asks for a container by a short URL, which holds nothing of its environment", async () => {
  const proxy = await engineProxy();
  const seen: string[] = [];
  proxy.intercept = (piece) => {
    seen.push(piece.toString("latin1"));
    return false;
  };
  const spec = { ...fixture.spec(), env: { CHOSEN: "only-in-the-body" } };
  const sandbox = await createDockerProvider({ host: proxy.host }).create(spec);
  await sandbox.destroy();
  const line = seen.flatMap((text) => /^POST \/containers\/create\S* /m.exec(text) ?? []).at(0) ?? "";
  expect(line).toContain("name=");
  expect(line.length).toBeLessThan(500);
  expect(line).not.toContain("only-in-the-body");
  expect(seen.join("")).toContain("only-in-the-body");
});

describe("an engine that breaks while it starts a sandbox", () => {
  it.each([
    ["its connection is cut", (client: Socket) => client.destroy()],
    ["its shim ends", answer("ttrpc: closed: unknown")],
    ["containerd ends", answer("transport is closing: unavailable: unknown")],
    ["it shuts down", answer("failed to create shim: context canceled: unknown")],
  ])("is worth another try, leaves nothing, and says nothing of limits: %s", async (_, then) => {
    const proxy = await engineProxy();
    proxy.intercept = atFirstStart(then);
    const provider = createDockerProvider({ host: proxy.host });
    const spec = fixture.spec();
    const error = await provider.create(spec).then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; retryable: boolean; hint?: string },
    );
    expect(error?.retryable === true || error?.code === "lost", JSON.stringify(error)).toBe(true);
    expect(error?.hint ?? "").not.toMatch(/limit|memory/);
    expect(await fixture.list()).toEqual([]);
    const sandbox = await provider.create(spec);
    expect((await run(sandbox, ["echo", "alive"])).stdout).toBe("alive\n");
    await sandbox.destroy();
  });

  it("is distinguished from one that refuses the request, which is not retried", async () => {
    const proxy = await engineProxy();
    proxy.intercept = atFirstStart(
      answer("OCI runtime create failed: setting rlimits: operation not permitted: unknown"),
    );
    const creating = createDockerProvider({ host: proxy.host }).create(fixture.spec());
    await expect(creating).rejects.toMatchObject({ code: "unavailable", retryable: false });
    await expect(creating).rejects.toMatchObject({ hint: expect.stringContaining("a limit") });
  });
});

describe.concurrent("an engine that stops answering", () => {
  it("fails every call in time, and the connection to the sandbox too", async () => {
    const proxy = await engineProxy();
    const provider = createDockerProvider({ host: proxy.host });
    const sandbox = await provider.create(fixture.spec());
    proxy.freeze();
    const list = async () => {
      for await (const _ of provider.list({ labels: { "glovebox.owner": fixture.owner } }));
    };
    const connecting = provider.connect(sandbox.id, { wakeForMs: 60_000 });
    const calls = [sandbox.quiesce(), sandbox.info(), list(), connecting, sandbox.destroy()];
    const [ended, diagnosis] = await Promise.all([Promise.allSettled(calls), provider.preflight()]);
    const codes = ended.map((one) => (one.status === "rejected" ? one.reason.code : "resolved"));
    expect(codes).toEqual(["lost", "timeout", "timeout", "timeout", "timeout"]);
    expect(diagnosis.ready).toBe(false);
    await fixture.provider.destroy(sandbox.id);
  });
});

describe.concurrent("a sandbox that was frozen past its lease", () => {
  it("is woken with the files as they were, although it stops as soon as it runs on", async () => {
    const sandbox = await fixture.create({ ttlMs: 5000 });
    await run(sandbox, ["sh", "-c", "echo kept > /workspace/kept"]);
    const container = fixture.engine().getContainer(sandbox.id);
    await container.pause();
    const leaseEndsAt = Date.now() + 6000;
    while (Date.now() < leaseEndsAt) await delay(100);
    await using again = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000 });
    expect((await run(again, ["cat", "/workspace/kept"])).stdout).toBe("kept\n");
    await again.destroy();
    await sandbox.close();
  });
});

describe.concurrent("a supervisor that was stopped by a root inside", () => {
  // 54 s until its silence is noticed, 20 s to connect again, and 30 s to connect before it is started again.
  it("is started again where the sandbox may be woken, with the files as they were", async () => {
    const sandbox = await fixture.create({ rootInside: true });
    await run(sandbox, ["sh", "-c", "echo kept > /workspace/kept"]);
    const stopping = run(sandbox, ["sudo", "pkill", "-STOP", "-f", "supervisor.cjs serve"]);
    await expect(stopping).rejects.toMatchObject({ code: "lost", message: "The sandbox does not answer any more." });
    await using again = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000 });
    expect((await run(again, ["cat", "/workspace/kept"])).stdout).toBe("kept\n");
    await again.destroy();
    await sandbox.close();
  }, 180_000);
});
