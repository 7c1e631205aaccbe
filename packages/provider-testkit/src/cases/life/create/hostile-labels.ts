import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

const allowed: readonly string[] = [
  "",
  "a=b",
  "a,b",
  "'\"",
  "é😀",
  " a ",
  "$(id)",
  "{}",
  "x".repeat(256),
  "../..",
  "%00",
  "*",
];

export const hostileLabels: ConformanceCase = {
  name: "life/hostile-labels",
  title: "Returns and matches labels exactly, and rejects labels that the contract forbids",
  async run({ create, spec, list, provider }) {
    const { labels } = spec();
    const mark = randomUUID();
    const odd = Object.fromEntries(allowed.map((value, index) => [`odd.${index}_-`, value]));
    const sandbox = await create({ labels: { ...labels, ...odd, mark } });
    assert.deepEqual((await sandbox.info()).labels, { ...labels, ...odd, mark });
    for (const [key, value] of Object.entries(odd)) {
      assert.deepEqual(
        (await list({ mark, [key]: value })).map(({ id }) => id),
        [sandbox.id],
        `${key}=${value}`,
      );
      assert.deepEqual(await list({ mark, [key]: `${value.slice(0, 200)}x` }), []);
    }
    const { [ownerLabel]: owner = "", [runLabel]: run = "" } = labels;
    const forbidden: readonly Record<string, string>[] = [
      { ...labels, "": "a" },
      { ...labels, Upper: "a" },
      { ...labels, "a b": "a" },
      { ...labels, "a=b": "a" },
      { ...labels, ["k".repeat(64)]: "a" },
      { ...labels, key: "x".repeat(257) },
      { ...labels, key: "é".repeat(129) },
      { ...labels, ...Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`k${index}`, ""])) },
      { [ownerLabel]: owner },
      { [runLabel]: run },
    ];
    for (const wrong of forbidden) {
      const what = `create with ${JSON.stringify(wrong).slice(0, 120)}`;
      await rejectsWith("invalid-options", provider.create(spec({ labels: wrong })), what);
    }
    assert.deepEqual(
      (await list(labels)).map(({ id }) => id),
      [sandbox.id],
      "What was refused exists",
    );
  },
};
