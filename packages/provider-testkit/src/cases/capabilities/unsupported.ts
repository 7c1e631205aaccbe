import assert from "node:assert/strict";
import { budget } from "@glovebox/core";
import { type Capabilities, type EgressPolicy, type SandboxSpec, Secret } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

export const unsupported: ConformanceCase = {
  name: "capabilities/unsupported",
  title: "Rejects unclaimed capabilities in preflight and create alike, before anything is created",
  async run({ provider, spec, list, capabilities }) {
    const { labels } = spec();
    for (const [what, changes] of unsupportedRequests(capabilities)) {
      const requested = spec({ labels, ...changes });
      await rejectsWith("capability-unsupported", provider.preflight({ spec: requested }), `preflight with ${what}`);
      await rejectsWith("capability-unsupported", provider.create(requested), `create with ${what}`);
    }
    assert.deepEqual(await list(labels), [], "What was refused exists");
  },
};

function unsupportedRequests({
  resources,
  mounts,
  rootInside,
  egress,
}: Capabilities): readonly (readonly [string, Partial<SandboxSpec>])[] {
  const limits = { cpus: 1, memoryMiB: 512, pids: 256, diskMiB: 1024, openFiles: 1024, tmpMiB: 64, shmMiB: 64 };
  const names = Object.keys(limits) as (keyof typeof limits)[];
  const modes = ["none", "sealed", "standard", "open"] as const;
  const mode = modes.find((each) => each !== "none" && egress.modes.includes(each));
  const policy = (changes: Partial<EgressPolicy>): Partial<SandboxSpec> => ({
    egress: { mode: mode ?? "sealed", models: [], ...changes },
  });
  const rule = { host: "allowed.test", source: "the suite" };
  const path = { method: "GET", path: "/allowed" } as const;
  const credential = { ...rule, header: "authorization", secret: new Secret("TESTKIT", "testkit-value") };
  return [
    ...names.filter((name) => !resources[name]).map((name) => [name, { resources: { [name]: limits[name] } }] as const),
    ...(mounts ? [] : [["a mount", { mounts: [{ source: "/tmp", target: "/mnt/x", readOnly: true }] }] as const]),
    ...(rootInside ? [] : [["root inside", { rootInside: true }] as const]),
    ...modes
      .filter((each) => !egress.modes.includes(each))
      .map((each) => [`the mode ${each}`, { egress: { mode: each, models: [] } }] as const),
    ...(mode === undefined || egress.hosts ? [] : [["a host", policy({ allow: [rule] })] as const]),
    ...(mode === undefined || egress.ports || !egress.hosts
      ? []
      : [["a port", policy({ allow: [{ ...rule, port: 8443 }] })] as const]),
    ...(mode === undefined || egress.credentials
      ? []
      : [["a credential", policy({ credentials: [credential] })] as const]),
    ...(mode === undefined || egress.paths || !egress.credentials
      ? []
      : [["a credential's path", policy({ credentials: [{ ...credential, paths: [path] }] })] as const]),
    ...(mode === undefined || egress.metering
      ? []
      : [["a limit of cost", policy({ budget: budget({ usd: 1 }) })] as const]),
  ];
}
