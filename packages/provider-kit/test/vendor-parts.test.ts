import { type EgressPolicy, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { failure } from "./failure.ts";
import { FakeVendor, specOf } from "./fake-vendor.ts";

const policy: EgressPolicy = {
  mode: "sealed",
  models: [
    {
      id: "model",
      upstream: "https://api.example.com",
      credential: { header: "x-api-key", secret: new Secret("KEY", "sk-1") },
      paths: [],
    },
  ],
};

describe("a lease that the vendor keeps, too", () => {
  it("is extended after the supervisor's, which is the exact one", async () => {
    const vendor = new FakeVendor({ lease: "both" });
    const sandbox = await vendor.defined.create().create(specOf());
    expect(await sandbox.extend(5000)).toEqual(new Date(5000));
    expect(vendor.log.slice(-2)).toEqual(["extend 5000", "extendVendor 5000"]);
    expect(await sandbox.info()).toMatchObject({ leaseEndsAt: new Date(1000) });
  });

  it("is the only one where the supervisor's plays no part", async () => {
    const vendor = new FakeVendor({ lease: "vendor" });
    const sandbox = await vendor.defined.create().create(specOf());
    expect(await sandbox.extend(5000)).toEqual(new Date(10_000));
    expect(vendor.log.at(-1)).toBe("extendVendor 5000");
    expect(vendor.log).not.toContain("extend 5000");
    expect(await sandbox.info()).toMatchObject({ leaseEndsAt: new Date(2000) });
  });

  it("is renewed when create finds the sandbox of an earlier call", async () => {
    const vendor = new FakeVendor({ lease: "both" });
    const provider = vendor.defined.create();
    await provider.create(specOf());
    await provider.create(specOf());
    expect(vendor.log).toContain("extendVendor 60000");
  });
});

describe("egress that the vendor enforces", () => {
  it("is checked by the vendor's rules in preflight, create and connect", async () => {
    const vendor = new FakeVendor({ egress: true });
    const provider = vendor.defined.create();
    const denied = { ...policy, deny: [{ host: "203.0.113.0/24", source: "a test" }] };
    const spec = specOf({ egress: denied });
    const calls = [provider.preflight({ spec }), provider.create(spec), provider.connect("x", { egress: denied })];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: "capability-unsupported" });
    expect(vendor.log).toEqual([]);
  });

  it("gives the models by the vendor's URLs, and is set when a handle takes it over", async () => {
    const vendor = new FakeVendor({ egress: true });
    const provider = vendor.defined.create();
    const sandbox = await provider.create(specOf({ egress: policy }));
    expect(sandbox.modelUrls).toEqual({ model: "https://api.example.com" });
    const again = await provider.connect(sandbox.id, { egress: policy });
    expect(again.modelUrls).toEqual(sandbox.modelUrls);
    expect(vendor.log.slice(-2)).toEqual(["setEgress sealed", "openStream"]);
    await sandbox.pause();
    await provider.connect(sandbox.id, { egress: policy, wakeForMs: 5000 });
    expect(vendor.log).toContain("start 5000 sealed");
  });
});

describe("egress that this process serves", () => {
  it("gives the models by URLs of the loopback address inside", async () => {
    const sandbox = await new FakeVendor().defined.create().create(specOf({ egress: policy }));
    expect(sandbox.modelUrls.model).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    await sandbox.close();
  });
});
