import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel, type Sandbox, type Template } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { readText } from "../../in-sandbox/read-text.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";
import { writeText } from "../../in-sandbox/write-text.ts";

export const snapshotKeepsFiles: ConformanceCase = {
  name: "optional/snapshot-keeps-files",
  title: "Creates a template with the sandbox's files and nothing else of it",
  requires: ({ snapshot }) => snapshot,
  whyNot: ({ removeTemplate }) =>
    removeTemplate === undefined ? "The option `removeTemplate` is not given: what it makes would stay" : undefined,
  timeoutMs: 180_000,
  async run({ create, spec, list, owner, options }) {
    const created: Sandbox[] = [];
    const first = { ...spec().labels, kept: "no" };
    const sandbox = await create({ labels: first, env: { PATH: "/usr/local/bin:/usr/bin:/bin", ASKED: "1" } });
    await writeText(sandbox, "/workspace/deep/work", "as it was");
    await runShell(
      sandbox,
      "ln -s work /workspace/deep/link; chmod 750 /workspace/deep/work; echo home > /home/agent/kept; : > /tmp/lost",
    );
    await sandbox.spawn(["node", "-e", "setInterval(() => {}, 1000)"], { tag: "lives on", output: "detached" });
    const template = await sandbox.snapshot();
    try {
      assert.deepEqual((await sandbox.processes()).map(({ exit }) => exit).slice(-1), [undefined], "It was disturbed");
      await writeText(sandbox, "/workspace/deep/work", "changed since");
      await assertMakes(template);
      await sandbox.destroy();
      await assertMakes(template);
    } finally {
      for (const each of created) await each.destroy();
      await options.removeTemplate?.(template);
    }

    async function assertMakes(from: Template): Promise<void> {
      const labels = { [ownerLabel]: owner, [runLabel]: randomUUID() };
      const copy = await create({ template: from, labels, ttlMs: 60_000 });
      created.push(copy);
      assert.equal(await readText(copy, "/workspace/deep/work"), "as it was");
      assert.equal((await copy.files.stat("/workspace/deep/work"))?.mode, 0o750);
      assert.equal((await copy.files.stat("/workspace/deep/link"))?.target, "work");
      const inside = 'cat /home/agent/kept; ls /tmp; id -u; echo "$ASKED."';
      assert.equal(await runShell(copy, inside), "home\n1000\n.\n");
      assert.deepEqual(
        (await copy.processes()).filter(({ tag }) => tag === "lives on"),
        [],
      );
      const info = await copy.info();
      assert.deepEqual([info.labels, info.templateDigest], [labels, from.digest]);
      const leftMs = Number(info.leaseEndsAt) - Date.now();
      assert.ok(leftMs > 20_000 && leftMs < 65_000, `The lease of 60 s ends in ${leftMs} ms`);
      assert.deepEqual(
        (await list({ kept: "no" })).map(({ id }) => id).filter((id) => id === copy.id),
        [],
      );
    }
  },
};
