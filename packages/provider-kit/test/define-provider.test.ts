import { type SandboxInfo, type SandboxSpec, SandboxTimeoutError } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { failure } from "./failure.ts";
import { FakeVendor, specOf, template } from "./fake-vendor.ts";

const labels = specOf().labels;
const wrong: readonly (readonly [string, Partial<SandboxSpec>, string])[] = [
  ["without the label of its run", { labels: { "glovebox.owner": "me" } }, "invalid-options"],
  ["with a label key in upper case", { labels: { ...labels, Upper: "x" } }, "invalid-options"],
  ["with a label of the provider's own", { labels: { ...labels, "glovebox.fake.key": "x" } }, "invalid-options"],
  ["with a label value of 257 bytes", { labels: { ...labels, a: "x".repeat(257) } }, "invalid-options"],
  ["with a control character in a label", { labels: { ...labels, a: "\x1b" } }, "invalid-options"],
  ["without a lease", { ttlMs: 0 }, "invalid-options"],
  ["with a longer lease than the provider grants", { ttlMs: 3_600_001 }, "invalid-options"],
  ["with a variable that no process can have", { env: { "A=B": "x" } }, "invalid-options"],
  ["without an idempotency key", { idempotencyKey: "" }, "invalid-options"],
  ["with a limit of zero", { resources: { memoryMiB: 0 } }, "invalid-options"],
  ["with a limit that is not whole", { resources: { memoryMiB: 200.5 } }, "invalid-options"],
  ["with a limit below the least", { resources: { memoryMiB: 127 } }, "invalid-options"],
  ["with a limit that is not a number", { resources: { cpus: Number.NaN } }, "invalid-options"],
  ["with a limit that the provider does not claim", { resources: { pids: 10 } }, "capability-unsupported"],
  ["with a mount", { mounts: [{ source: "/a", target: "/b", readOnly: true }] }, "capability-unsupported"],
  ["with root inside", { rootInside: true }, "capability-unsupported"],
  ["with a mode that the provider lacks", { egress: { mode: "open", models: [] } }, "capability-unsupported"],
  [
    "with a host rule that cannot be read",
    { egress: { mode: "sealed", models: [], allow: [{ host: "not a host", source: "a test" }] } },
    "invalid-options",
  ],
  ["from another provider's template", { template: { ...template, providerId: "other" } }, "invalid-options"],
];

describe("a defined provider", () => {
  it.each(wrong)("rejects a spec %s in preflight and create alike", async (_, changes, code) => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    const spec = specOf(changes);
    const preflight = await failure(provider.preflight({ spec }));
    const create = await failure(provider.create(spec));
    expect(create).toMatchObject({ code, providerId: "fake", message: preflight.message });
    expect(vendor.log).toEqual([]);
  });

  it("rejects calls whose signal has fired, before the vendor is called", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    const signal = AbortSignal.abort();
    const spec = specOf();
    const calls = [
      provider.preflight({ signal, spec }),
      provider.create(spec, { signal }),
      provider.connect("x", { signal }),
      provider.destroy("x", { signal }),
      provider.list({ labels: {} }, { signal })[Symbol.asyncIterator]().next(),
      provider.prepare({ base: { kind: "default" }, layers: [] }, { signal }),
    ];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: "aborted", providerId: "fake" });
    expect(vendor.log).toEqual([]);
  });

  it("names an unknown setting, and repeats no value", async () => {
    const { plugin } = new FakeVendor().defined;
    expect(() => plugin.create({ regoin: "eu", token: "secret" })).toThrow(/token.*regoin/s);
    expect(() => plugin.create({ token: "secret" })).not.toThrow(/secret/);
  });

  it("lets a failed preflight be a finding", async () => {
    const vendor = new FakeVendor();
    vendor.failures.set("preflight", new Error("no route"));
    expect(await vendor.defined.create().preflight()).toMatchObject({
      ready: false,
      findings: [{ name: "fake", status: "problem", message: expect.stringContaining("no route") }],
    });
  });

  it("lists only sandboxes whose labels match", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    await provider.create(specOf());
    await provider.create(specOf({ idempotencyKey: "key-2", labels: { ...labels, "glovebox.run": "run-2" } }));
    const found: SandboxInfo[] = [];
    for await (const info of provider.list({ labels: { "glovebox.run": "run-2" } })) found.push(info);
    expect(found).toMatchObject([{ providerId: "fake", labels: { "glovebox.run": "run-2" } }]);
  });
});

describe("create", () => {
  it("starts, configures and returns a sandbox", async () => {
    const vendor = new FakeVendor();
    const sandbox = await vendor.defined.create().create(specOf());
    expect(vendor.log).toEqual(["plan", "create 256", "start 60000", "configure"]);
    expect(await sandbox.info()).toMatchObject({ providerId: "fake", state: "running", leaseEndsAt: new Date(1000) });
  });

  it("removes the sandbox when a limit is not enforced", async () => {
    const vendor = new FakeVendor();
    vendor.limits = { memoryMiB: 4096 };
    const error = await failure(vendor.defined.create().create(specOf({ resources: { memoryMiB: 512 } })));
    expect(error).toMatchObject({ code: "capability-unsupported", mayHaveCreated: false });
    expect(vendor.machines.size).toBe(0);
  });

  it("says that a sandbox may exist when it cannot be removed", async () => {
    const vendor = new FakeVendor();
    vendor.failures.set("configure", new Error("broken pipe"));
    vendor.failures.set("destroy", new Error("no route"));
    const error = await failure(vendor.defined.create().create(specOf()));
    expect(error).toMatchObject({ code: "unavailable", mayHaveCreated: true, providerId: "fake" });
  });

  it("leaves the sandbox of an earlier call with the same key alone when it fails", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    await provider.create(specOf());
    vendor.failures.set("configure", new Error("broken pipe"));
    expect(await failure(provider.create(specOf()))).toMatchObject({ mayHaveCreated: true });
    expect(vendor.machines.size).toBe(1);
    expect(vendor.log).not.toContain("destroy");
  });
});

describe("connect", () => {
  it("rejects with not-found for an id that the vendor does not know", async () => {
    expect(await failure(new FakeVendor().defined.create().connect("x"))).toMatchObject({ code: "not-found" });
  });

  it("wakes a paused sandbox only with a lease", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    const sandbox = await provider.create(specOf());
    await sandbox.pause();
    expect(await failure(provider.connect(sandbox.id))).toMatchObject({ code: "stopped" });
    await provider.connect(sandbox.id, { wakeForMs: 5000 });
    expect(vendor.log.slice(-3)).toEqual(["find", "start 5000", "extend 5000"]);
  });

  it("stops a sandbox again that could not be woken", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    const sandbox = await provider.create(specOf());
    await sandbox.pause();
    vendor.failures.set("extend", new Error("broken pipe"));
    expect(await failure(provider.connect(sandbox.id, { wakeForMs: 5000 }))).toMatchObject({ code: "unavailable" });
    expect(vendor.log.at(-1)).toBe("undoStart");
  });

  it("restarts a running sandbox when its supervisor does not answer", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    const { id } = await provider.create(specOf());
    vendor.failures.set("openStream", new SandboxTimeoutError("no greeting", { providerId: "fake" }));
    expect(await failure(provider.connect(id))).toMatchObject({ code: "timeout" });
    await provider.connect(id, { wakeForMs: 5000 });
    expect(vendor.log.slice(-2)).toEqual(["start 5000", "extend 5000"]);
  });
});

describe("a sandbox", () => {
  it("reconnects when its connection broke, and is lost when that fails", async () => {
    const vendor = new FakeVendor();
    const sandbox = await vendor.defined.create().create(specOf());
    await breakConnection(vendor);
    await sandbox.processes();
    expect(vendor.log.at(-1)).toBe("openStream");
    vendor.failures.set("openStream", new Error("no route"));
    await breakConnection(vendor);
    expect(await failure(sandbox.processes())).toMatchObject({ code: "lost", providerId: "fake" });
  });

  it("rejects what its provider does not claim", async () => {
    const sandbox = await new FakeVendor().defined.create().create(specOf());
    const size = { columns: 80, rows: 24 };
    for (const call of [sandbox.pty(["sh"], size), sandbox.endpoint(80), sandbox.watch("/workspace")])
      expect(await failure(call)).toMatchObject({ code: "capability-unsupported", providerId: "fake" });
  });

  it("takes a snapshot while its processes are stopped", async () => {
    const vendor = new FakeVendor();
    const sandbox = await vendor.defined.create().create(specOf());
    expect(await sandbox.snapshot()).toMatchObject({ providerId: "fake", digest: "sha256:snapshot" });
    expect(vendor.log.at(-1)).toBe("whileStopped");
  });

  it("is destroyed when the handle that created it is disposed of, and only closed by others", async () => {
    const vendor = new FakeVendor();
    const provider = vendor.defined.create();
    const sandbox = await provider.create(specOf());
    await (await provider.connect(sandbox.id))[Symbol.asyncDispose]();
    expect(vendor.machines.size).toBe(1);
    await sandbox[Symbol.asyncDispose]();
    expect(vendor.machines.size).toBe(0);
  });
});

async function breakConnection(vendor: FakeVendor): Promise<void> {
  const connection = vendor.connections.at(-1);
  connection?.break();
  await connection?.closed;
}
