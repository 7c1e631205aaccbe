import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exec } from "@glovebox/core/exec";
import type { Sandbox, SandboxError, SandboxProvider, SandboxSpec } from "@glovebox/core/provider";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStayingRun } from "../../provider-testkit/src/core-run/start-staying-run.ts";
import { makeStateDirectory } from "../../provider-testkit/src/core-run/state-directory.ts";
import { withTemplate } from "../../provider-testkit/src/core-run/with-template.ts";
import { createKubernetesProvider, type KubernetesProviderSettings } from "../src/index.ts";
import { type SpareNode, startSpareNode } from "./support/spare-node.ts";
import {
  changeNode,
  createTestNamespace,
  type TestNamespace,
  testCluster,
  testClusterConfig,
} from "./support/test-cluster.ts";
import { testTemplate } from "./support/test-template.ts";

let node: SpareNode;
let namespace: TestNamespace;

beforeAll(async () => {
  node = await startSpareNode();
  namespace = await createTestNamespace();
});

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await node?.[Symbol.asyncDispose]();
});

async function providerOnSpareNode(settings: KubernetesProviderSettings = {}) {
  const provider = createKubernetesProvider({
    kubeconfig: testCluster.kubeconfig,
    namespace: namespace.name,
    ...node.settings,
    ...settings,
  });
  return withTemplate(provider, await testTemplate());
}

async function spec(changes: Partial<SandboxSpec> = {}): Promise<SandboxSpec> {
  return {
    template: await testTemplate(),
    labels: { "glovebox.owner": `test-${randomUUID()}`, "glovebox.run": randomUUID() },
    ttlMs: 120_000,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/home/agent" },
    egress: { mode: "none", models: [] },
    idempotencyKey: randomUUID(),
    ...changes,
  };
}

async function nodeOf(sandboxId: string): Promise<string | undefined> {
  const [name = ""] = sandboxId.split(".");
  const core = testClusterConfig().makeApiClient(CoreV1Api);
  return (await core.readNamespacedPod({ name, namespace: namespace.name })).spec?.nodeName;
}

/** Waits as a caller does who has to have the files. */
async function connectAgain(provider: SandboxProvider, id: string): Promise<Sandbox> {
  let connected: Sandbox | undefined;
  await expect
    .poll(
      async () => {
        connected = await provider.connect(id, { wakeForMs: 60_000 }).catch((error: SandboxError) => {
          // Never that it is gone, nor that nothing can be done.
          expect(["unavailable", "lost", "timeout"]).toContain(error.code);
          return undefined;
        });
        return connected?.id;
      },
      { timeout: 200_000, interval: 2000 },
    )
    .toBe(id);
  if (connected === undefined) throw new Error("not connected");
  return connected;
}

describe("a node that loses its power in the middle of a run", () => {
  it("fails the run, which collects its files once the node is back", async () => {
    await using state = await makeStateDirectory();
    const { run, sandboxId } = await startStayingRun(await providerOnSpareNode(), state.home);
    expect(await nodeOf(sandboxId)).toBe(node.name);
    await changeNode("kill", node.name);
    await node.start();
    const result = await run.result;
    expect(result).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(result.files?.manifest.map(({ path }) => path)).toEqual(["work"]);
    expect(await readFile(join(state.home, "output", "work"), "utf8")).toBe("work\n");
  });

  it("loses a sandbox without a volume, says so, and lets it be removed", async () => {
    const provider = await providerOnSpareNode();
    const sandbox = await provider.create(await spec());
    const sleeping = exec(sandbox, ["sleep", "1000"]);
    const lost = expect(sleeping).rejects.toMatchObject({ code: expect.stringMatching(/^(lost|not-found)$/) });
    await changeNode("kill", node.name);
    await lost;
    await provider.destroy(sandbox.id);
    await expect(provider.connect(sandbox.id)).rejects.toMatchObject({ code: "not-found" });
    await node.start();
  });
});

describe("a node that is lost for longer than a lease", () => {
  it.each([
    ["loses its power", "kill", "start"],
    ["is cut off from the network, and works on", "cut", "join"],
  ] as const)(
    "leaves the files of a volume to another node, once nothing writes there: it %s",
    async (_, lose, mend) => {
      const provider = await providerOnSpareNode({ storageClass: testCluster.storageClass });
      const sandbox = await provider.create(await spec({ ttlMs: 60_000 }));
      expect(await nodeOf(sandbox.id)).toBe(node.name);
      await exec(sandbox, ["/bin/sh", "-c", "echo kept > /workspace/kept"]);
      const writing = exec(sandbox, ["/bin/sh", "-c", "while date +%s%N > /workspace/last; do sleep 0.1; done"]);
      const lost = expect(writing).rejects.toMatchObject({
        code: expect.stringMatching(/^(lost|stopped|unavailable)$/),
      });
      await changeNode(lose, node.name);
      await using again = await connectAgain(provider, sandbox.id);
      await lost;
      expect(await nodeOf(sandbox.id)).not.toBe(node.name);
      const read = async (name: string) => (await exec(again, ["cat", `/workspace/${name}`])).stdout;
      expect(await read("kept")).toBe("kept");
      const last = await read("last");
      // Long enough for a writer that is still there to be seen: it is not waited for, but looked at twice.
      await exec(again, ["sleep", "1"]);
      expect(await read("last")).toBe(last);
      await again.destroy();
      await sandbox.close();
      await changeNode(mend, node.name);
      await node.start();
    },
  );
});
