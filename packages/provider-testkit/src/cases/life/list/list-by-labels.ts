import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ownerLabel } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const listByLabels: ConformanceCase = {
  name: "life/list-by-labels",
  title: "Lists the sandboxes that carry all of the labels and no other; an empty list if there are none",
  async run({ create, spec, list, owner, newProvider }) {
    const group = `group-${randomUUID()}`;
    const labelled = (more: Record<string, string>) => create({ labels: { ...spec().labels, ...more } });
    const [one, both] = await Promise.all([labelled({ group }), labelled({ group, color: "red" })]);
    const ids = async (labels: Record<string, string>) => (await list(labels)).map(({ id }) => id).sort();
    assert.deepEqual(await ids({ [ownerLabel]: owner, group }), [one.id, both.id].sort());
    assert.deepEqual(await ids({ group, color: "red" }), [both.id]);
    assert.deepEqual(await ids({ group, color: "blue" }), []);
    assert.deepEqual(await ids({ [ownerLabel]: group }), []);
    const seen: string[] = [];
    for await (const { id } of newProvider().list({ labels: { group } })) seen.push(id);
    assert.deepEqual(seen.sort(), [one.id, both.id].sort(), "A second controller sees the same");
  },
};
