import assert from "node:assert/strict";
import { SandboxError } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

const ids = [
  "",
  " ",
  ".",
  "..",
  "../../etc",
  "/",
  "*",
  "-f",
  "a b",
  "a\nb",
  "a\0b",
  "%2e%2e%2f",
  "x?force=1",
  "x#y",
  "no-such-sandbox",
  "é",
  "x".repeat(10_000),
];

export const hostileIds: ConformanceCase = {
  name: "life/hostile-ids",
  title: "Rejects an id that no sandbox has, and touches nothing else",
  async run({ create, provider }) {
    const bystander = await create();
    for (const id of [...ids, bystander.id.slice(0, 3), `${bystander.id}/..`, `${bystander.id}x`]) {
      const name = JSON.stringify(id.slice(0, 40));
      await rejectsWith(["not-found", "invalid-options"], provider.connect(id), `connect to ${name}`);
      const error = await provider.destroy(id).catch((thrown: unknown) => thrown);
      const isRefused = SandboxError.isInstance(error) && error.code === "invalid-options";
      assert.ok(error === undefined || isRefused, `destroy of ${name}: ${String(error)}`);
    }
    assert.equal((await bystander.info()).state, "running");
  },
};
