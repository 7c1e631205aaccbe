import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDockerProvider, provider as plugin } from "../src/index.ts";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

describe("create", () => {
  it.each([
    [
      "a host that cannot be meant",
      { egress: { mode: "sealed" as const, models: [], allow: [{ host: "http://example.com", source: "test" }] } },
      "invalid-options",
    ],
    [
      "another provider's template",
      { template: { providerId: "e2b", reference: "x", digest: "x", reused: true } },
      "invalid-options",
    ],
    ["a missing owner", { labels: { "glovebox.run": "r" } }, "invalid-options"],
    ["a hostile label", { labels: { "glovebox.owner": "o", "glovebox.run": "r\n{}" } }, "invalid-options"],
    ["no lease", { ttlMs: 0 }, "invalid-options"],
    ["an endless lease", { ttlMs: Number.POSITIVE_INFINITY }, "invalid-options"],
    ["a hostile variable", { env: { "A=B": "c" } }, "invalid-options"],
    ["a variable with a zero byte", { env: { A: "b\0c" } }, "invalid-options"],
    [
      "a mount of the engine's socket",
      { mounts: [{ source: "/var/run/docker.sock", target: "/s", readOnly: true }] },
      "invalid-options",
    ],
    [
      "a mount of nothing",
      { mounts: [{ source: "/nowhere/at/all", target: "/s", readOnly: true }] },
      "invalid-options",
    ],
  ])("refuses %s and makes nothing", async (_, changes, code) => {
    await expect(fixture.create(changes)).rejects.toMatchObject({ code, mayHaveCreated: false, providerId: "docker" });
    expect(await fixture.list()).toEqual([]);
  });

  it("refuses an image that is not there and leaves nothing", async () => {
    const template = {
      providerId: "docker",
      reference: `glovebox-test/${randomUUID()}:none`,
      digest: "x",
      reused: true,
    };
    await expect(fixture.create({ template })).rejects.toMatchObject({ code: "template", mayHaveCreated: false });
    expect(await fixture.list()).toEqual([]);
  });

  it("says why an image that Glovebox did not prepare does not start, and leaves nothing", async () => {
    const reference = `glovebox-test-empty:${randomUUID()}`;
    const [repo, tag] = reference.split(":");
    const engine = fixture.engine();
    const tar = Buffer.alloc(10_240);
    const directory = await mkdtemp(join(tmpdir(), "glovebox-create-"));
    try {
      await writeFile(join(directory, "empty.tar"), tar);
      const importing = await engine.importImage(join(directory, "empty.tar"), { repo, tag });
      for await (const _ of importing as AsyncIterable<Buffer>);
      const template = { providerId: "docker", reference, digest: "x", reused: true };
      const failure = fixture.create({ template });
      await expect(failure).rejects.toMatchObject({ code: "template", mayHaveCreated: false });
      await expect(failure).rejects.toThrow(/\/opt\/glovebox\/bin\/node/);
      expect(await fixture.list()).toEqual([]);
    } finally {
      await engine.getImage(reference).remove();
      await rm(directory, { recursive: true });
    }
  });

  it("leaves nothing when it is aborted, whenever that is", async () => {
    await (await fixture.create()).destroy();
    for (const afterMs of [0, 5, 20, 60, 120, 180]) {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), afterMs);
      const outcome = await fixture.create({}, { signal: controller.signal }).then(
        async (sandbox) => sandbox.destroy().then(() => "created"),
        (error: { code: string; mayHaveCreated: boolean }) => `${error.code} ${error.mayHaveCreated}`,
      );
      clearTimeout(timer);
      expect(["created", "aborted false"]).toContain(outcome);
      expect(await fixture.list(), `aborted after ${afterMs} ms`).toEqual([]);
    }
    const aborted = fixture.create({}, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "aborted", mayHaveCreated: false });
  });

  it("refuses a runtime that the engine does not have and makes nothing", async () => {
    const provider = createDockerProvider({ runtime: "no-such-runtime" });
    await expect(provider.create(fixture.spec())).rejects.toMatchObject({ code: "capability-unsupported" });
    const diagnosis = await provider.preflight();
    expect(diagnosis.ready).toBe(false);
    expect(diagnosis.findings).toContainEqual(expect.objectContaining({ name: "runtime", status: "problem" }));
    expect(await fixture.list()).toEqual([]);
  });

  it("takes a runtime that the engine has", async () => {
    await using sandbox = await createDockerProvider({ runtime: "runc" }).create(fixture.spec());
    expect((await run(sandbox, ["true"])).exitCode).toBe(0);
  });

  it("mounts a directory, read-only where asked", async () => {
    const directory = await mkdtemp(join(tmpdir(), "glovebox-mounted-"));
    try {
      await chmod(directory, 0o755);
      await writeFile(join(directory, "in"), "from the host");
      const mounts = [
        { source: directory, target: "/data", readOnly: true },
        { source: join(directory, "in"), target: "/workspace/in", readOnly: true },
      ];
      await using sandbox = await fixture.create({ mounts });
      expect((await shell(sandbox, "cat /data/in /workspace/in")).stdout).toBe("from the hostfrom the host");
      expect((await shell(sandbox, "touch /data/x")).stderr).toMatch(/read-only/i);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("makes several at once", async () => {
    const sandboxes = await Promise.all(Array.from({ length: 5 }, () => fixture.create()));
    const answers = await Promise.all(sandboxes.map((sandbox, index) => run(sandbox, ["echo", String(index)])));
    expect(answers.map(({ stdout }) => stdout.trim())).toEqual(["0", "1", "2", "3", "4"]);
    await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()));
  });
});

describe("connect and destroy", () => {
  it.each(["../version", "a/../../info", "x?force=1", "", " ", "a b", "é", "-rf", "\n"])(
    "refuse the id %j",
    async (id) => {
      await expect(fixture.provider.connect(id)).rejects.toMatchObject({ code: "invalid-options" });
      await expect(fixture.provider.destroy(id)).rejects.toMatchObject({ code: "invalid-options" });
    },
  );

  it("tell what is definitely gone from what cannot be reached", async () => {
    await expect(fixture.provider.connect("f".repeat(64))).rejects.toMatchObject({ code: "not-found" });
    await fixture.provider.destroy("f".repeat(64));
    const nowhere = createDockerProvider({ host: "unix:///nowhere/docker.sock" });
    await expect(nowhere.connect("f".repeat(64))).rejects.toMatchObject({ code: "unavailable" });
    await expect(nowhere.destroy("f".repeat(64))).rejects.toMatchObject({ code: "unavailable" });
    await expect(first(nowhere.list({ labels: {} }))).rejects.toMatchObject({ code: "unavailable" });
    await expect(nowhere.create(fixture.spec())).rejects.toMatchObject({ code: "unavailable", mayHaveCreated: false });
    const diagnosis = await nowhere.preflight();
    expect(diagnosis).toMatchObject({ ready: false, findings: [{ name: "engine", status: "problem" }] });
  });

  it("leave containers alone that Glovebox did not make", async () => {
    const other = await fixture.engine().createContainer({ Image: fixture.template().reference, Labels: { a: "b" } });
    try {
      await expect(fixture.provider.connect(other.id)).rejects.toMatchObject({ code: "not-found" });
      await expect(fixture.provider.destroy(other.id)).rejects.toMatchObject({ code: "invalid-options" });
      expect((await other.inspect()).Id).toBe(other.id);
    } finally {
      await other.remove();
    }
  });

  it("abandons an engine that does not answer when aborted", async () => {
    const directory = await mkdtemp(join(tmpdir(), "glovebox-silent-"));
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(join(directory, "docker.sock"), resolve));
    try {
      const provider = createDockerProvider({ host: `unix://${directory}/docker.sock` });
      const signal = AbortSignal.timeout(200);
      await expect(provider.destroy("f".repeat(64), { signal })).rejects.toMatchObject({ code: "aborted" });
      await expect(provider.create(fixture.spec(), { signal })).rejects.toMatchObject({ code: "aborted" });
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
      await rm(directory, { recursive: true });
    }
  });
});

describe("the plugin", () => {
  it("parses settings strictly", () => {
    expect(plugin.create({ runtime: "runsc" }).id).toBe("docker");
    expect(() => plugin.create({ privileged: true })).toThrow(expect.objectContaining({ code: "invalid-options" }));
    expect(() => plugin.create({ base: "scratch" })).toThrow(expect.objectContaining({ code: "invalid-options" }));
    expect(() => plugin.create({ runtime: "../x" })).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });

  it("says what is effective here", async () => {
    const { ready, findings, capabilities } = await fixture.provider.preflight();
    expect(findings.filter(({ status }) => status === "problem")).toEqual([]);
    expect(ready).toBe(true);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["engine", "engine-api", "limits", "seccomp"]),
    );
    expect(capabilities.egress.modes).toEqual(["none", "sealed", "standard", "open"]);
  });
});
