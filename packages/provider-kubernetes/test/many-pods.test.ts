import { randomUUID } from "node:crypto";
import { exec } from "@glovebox/core/exec";
import { type Sandbox, SandboxError } from "@glovebox/core/provider";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createKubernetesProvider } from "../src/index.ts";
import { createTestNamespace, type TestNamespace, testCluster } from "./support/test-cluster.ts";
import { testTemplate } from "./support/test-template.ts";

const count = 30;
let namespace: TestNamespace;

beforeAll(async () => {
  namespace = await createTestNamespace();
});

afterAll(() => namespace?.[Symbol.asyncDispose]());

it("creates 30 sandboxes at once, each with its own files, and removes them", async () => {
  const provider = createKubernetesProvider({
    kubeconfig: testCluster.kubeconfig,
    namespace: namespace.name,
    // The nodes of the tests have two processors between them.
    requests: { cpus: 0.01, memoryMiB: 32 },
    scheduleTimeoutMs: 300_000,
  });
  const template = await testTemplate();
  const owner = `test-${randomUUID()}`;
  const work = async (number: number): Promise<string> => {
    const sandbox = await provider.create({
      template,
      labels: { "glovebox.owner": owner, "glovebox.run": randomUUID() },
      ttlMs: 600_000,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/home/agent" },
      egress: { mode: "none", models: [] },
      idempotencyKey: randomUUID(),
    });
    await exec(sandbox, ["/bin/sh", "-c", `echo ${number} > /workspace/number`]);
    const { stdout } = await exec(sandbox, ["cat", "/workspace/number"]);
    // A node that ends 30 pods at once may take longer than one call waits; whoever removes sandboxes tries again then.
    await vi.waitUntil(() => isRemoved(sandbox), { timeout: 300_000 });
    return stdout;
  };
  const numbers = Array.from({ length: count }, (_, number) => number);
  expect(await Promise.all(numbers.map(work))).toEqual(numbers.map(String));
  const left: string[] = [];
  for await (const { id } of provider.list({ labels: { "glovebox.owner": owner } })) left.push(id);
  expect(left).toEqual([]);
}, 600_000);

async function isRemoved(sandbox: Sandbox): Promise<boolean> {
  try {
    await sandbox.destroy();
    return true;
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "timeout") return false;
    throw error;
  }
}
