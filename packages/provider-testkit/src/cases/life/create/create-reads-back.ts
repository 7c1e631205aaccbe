import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const createReadsBack: ConformanceCase = {
  name: "life/create-reads-back",
  title: "Returns the labels, template, lease, state and time that a sandbox was created with",
  async run({ create, provider, template, spec, list }) {
    const { labels } = spec();
    const sandbox = await create({ labels: { ...labels, team: "a=b,c" }, ttlMs: 90_000 });
    assert.equal(sandbox.providerId, provider.id);
    const info = await sandbox.info();
    assert.equal(info.id, sandbox.id);
    assert.equal(info.providerId, provider.id);
    assert.equal(info.state, "running");
    assert.deepEqual(info.labels, { ...labels, team: "a=b,c" });
    assert.equal(info.rootInside, false);
    assert.ok(info.templateDigest === undefined || info.templateDigest === template.digest, "The template's digest");
    assert.ok(Math.abs(Date.now() - info.createdAt.getTime()) < 120_000, "It was created about now");
    const leftMs = Number(info.leaseEndsAt) - Date.now();
    assert.ok(leftMs > 20_000 && leftMs < 95_000, `The lease of 90 s ends in ${leftMs} ms`);
    const [found] = await list(labels);
    assert.deepEqual([found?.id, found?.labels, found?.state], [sandbox.id, info.labels, "running"]);
  },
};
