import assert from "node:assert/strict";
import { type Capabilities, ownerLabel, type Resources, runLabel, type SandboxSpec } from "@glovebox/core/provider";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const wrongSpec: ConformanceCase = {
  name: "life/wrong-spec",
  title: "Rejects invalid specs in preflight and create alike, and creates nothing",
  async run({ provider, spec, list, capabilities, template }) {
    const { labels } = spec();
    const rejected = [...wrongSpecs(capabilities, labels), { template: { ...template, providerId: "another" } }];
    for (const changes of rejected) {
      const requested = spec({ labels, ...changes });
      const what = JSON.stringify(changes);
      // A limit that is not claimed may be refused for that first; a template that is another's, for not being there.
      const codes = ["invalid-options", ...otherCodes(changes)] as const;
      const checked = await rejectsWith(codes, provider.preflight({ spec: requested }), `preflight with ${what}`);
      await rejectsWith(checked.code, provider.create(requested), `create with ${what}`);
    }
    const signal = AbortSignal.abort();
    const wanted = spec({ labels });
    await rejectsWith(
      "aborted",
      provider.preflight({ spec: wanted, signal }),
      "preflight with a signal that has fired",
    );
    await rejectsWith("aborted", provider.create(wanted, { signal }), "create with a signal that has fired");
    assert.deepEqual(await list(labels), []);
  },
};

type Labels = SandboxSpec["labels"];

function wrongSpecs({ maxTtlMs, resources }: Capabilities, labels: Labels): readonly Partial<SandboxSpec>[] {
  const limits = Object.keys(resources) as (keyof Resources)[];
  return [
    { ttlMs: 0 },
    { ttlMs: -1 },
    { ttlMs: Number.NaN },
    { ttlMs: Number.POSITIVE_INFINITY },
    ...(maxTtlMs === undefined ? [] : [{ ttlMs: maxTtlMs + 1 }]),
    { env: { "A=B": "x" } },
    { env: { "": "x" } },
    { env: { A: "x\0y" } },
    { idempotencyKey: "" },
    ...wrongLabels(labels).map((wrong) => ({ labels: wrong })),
    ...limits.flatMap((name) => [0, -1, Number.NaN].map((limit) => ({ resources: { [name]: limit } }))),
    ...limits.filter((name) => name !== "cpus").map((name) => ({ resources: { [name]: 1000.5 } })),
  ];
}

function wrongLabels(labels: Labels): readonly Labels[] {
  const without = (key: string): Labels => Object.fromEntries(Object.entries(labels).filter(([name]) => name !== key));
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`many-${index}`, "x"]));
  return [
    without(ownerLabel),
    without(runLabel),
    { ...labels, [runLabel]: "" },
    { ...labels, Upper: "x" },
    { ...labels, "": "x" },
    { ...labels, ["k".repeat(64)]: "x" },
    { ...labels, long: "x".repeat(257) },
    { ...labels, line: "a\nb" },
    { ...labels, ...many },
  ];
}

function otherCodes(changes: Partial<SandboxSpec>): readonly ("capability-unsupported" | "template")[] {
  if (changes.resources !== undefined) return ["capability-unsupported"];
  return changes.template === undefined ? [] : ["template"];
}
