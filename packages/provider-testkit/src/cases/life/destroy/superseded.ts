import assert from "node:assert/strict";
import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { reap } from "@glovebox/core";
import type { Sandbox, SandboxProvider } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { startStayingRun } from "../../../core-run/start-staying-run.ts";
import { makeStateDirectory } from "../../../core-run/state-directory.ts";
import { withTemplate } from "../../../core-run/with-template.ts";

export const superseded: ConformanceCase = {
  name: "life/superseded",
  title: "Writes and destroys nothing from a controller whose run another process has taken over",
  requires: ({ wake, egress }) => wake && egress.modes.includes("sealed"),
  timeoutMs: 120_000,
  async run({ provider, template, newProvider, own }) {
    await using state = await makeStateDirectory();
    const { home } = state;
    const destroyed: string[] = [];
    const { run, sandboxId } = await startStayingRun(watched(withTemplate(provider, template), destroyed), home);
    own(sandboxId);
    const runDirectory = join(home, "runs", run.id);
    // What a full disk makes of a lock: nobody can read who holds it, so that the run may be taken over.
    await truncate(join(runDirectory, "epochs", "1"));
    const { removed, collected } = await reap({ home, provider: newProvider(), runId: run.id });
    assert.deepEqual(removed, [sandboxId]);
    assert.equal(collected.length, 1, "The files were not brought back");
    const written = async () =>
      Promise.all(["events.ndjson", "result.json"].map((file) => readFile(join(runDirectory, file), "utf8")));
    const before = await written();
    const { cleanup } = await run.result;
    assert.deepEqual(await written(), before, "The superseded controller wrote");
    const ends = before[0]?.split("\n").filter((line) => line.includes('"run.end"'));
    assert.equal(ends?.length, 1, "The run has one end");
    assert.deepEqual(destroyed, [], "The superseded controller destroyed");
    assert.equal(cleanup.state, "left");
  },
};

/** The provider, with a record of what is destroyed through it. */
function watched(provider: SandboxProvider, destroyed: string[]): SandboxProvider {
  const watch = (sandbox: Sandbox): Sandbox => {
    const { destroy } = sandbox;
    sandbox.destroy = (options) => {
      destroyed.push(sandbox.id);
      return destroy.call(sandbox, options);
    };
    return sandbox;
  };
  return {
    ...provider,
    create: async (spec, options) => watch(await provider.create(spec, options)),
    connect: async (id, options) => watch(await provider.connect(id, options)),
    destroy: (id, options) => {
      destroyed.push(id);
      return provider.destroy(id, options);
    },
  };
}
