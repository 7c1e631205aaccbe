import type { SandboxSpec } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createDockerProvider } from "./docker-provider.ts";

const spec: Omit<SandboxSpec, "template"> = {
  labels: { "glovebox.owner": "me", "glovebox.run": "r1" },
  ttlMs: 1000,
  env: {},
  egress: { mode: "none", models: [] },
  idempotencyKey: "key",
};

// No engine answers there: what is refused is refused before one is looked for.
const provider = createDockerProvider({ host: "unix:///nonexistent/docker.sock" });

describe("the Docker provider", () => {
  it.each([
    { cpus: 0 },
    { cpus: Number.NaN },
    { memoryMiB: 6 },
    { memoryMiB: 512.5 },
    { pids: -1 },
    { openFiles: 1e9 },
    { tmpMiB: 0 },
    { shmMiB: 0 },
    { shmMiB: 1.5 },
    { disk: 5 },
  ])("refuses the limits %j", async (resources) => {
    await expect(provider.preflight({ spec: { ...spec, resources } })).rejects.toMatchObject({
      code: "invalid-options",
      providerId: "docker",
    });
  });
});
