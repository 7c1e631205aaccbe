import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxProvider, Template } from "@glovebox/core/provider";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newSandboxRecord } from "../control/sandbox-record-of.ts";
import { newSandboxSchema } from "../control/sandbox-request.ts";
import { parseGatewayOptions } from "../gateway-options.ts";
import { PendingWork } from "./pending-work.ts";
import { SandboxRegistry } from "./sandbox-registry.ts";
import { GatewayKey } from "./state/gateway-key.ts";
import { StateDirectory } from "./state/state-directory.ts";

const template: Template = { providerId: "mock", reference: "image", digest: "digest", reused: true };
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sandbox-registry-"));
});
afterEach(() => rm(directory, { recursive: true }));

it("many that are asked for at the same moment do not pass the limit together", async () => {
  let created = 0;
  const provider = {
    id: "mock",
    capabilities: { rootInside: true, endpoint: true, resources: {} },
    create: async () => {
      created++;
      throw new Error("there is none here");
    },
    // Only what a create that fails needs.
  } as unknown as SandboxProvider;
  const settings = parseGatewayOptions({
    provider,
    apiKeys: ["key"],
    stateDir: directory,
    limits: { maxSandboxes: 2 },
  });
  const state = new StateDirectory(directory);
  const key = new GatewayKey(await state.open());
  const envd = { text: Buffer.alloc(0), path: "/envd" };
  const toEgressPolicy = () => ({ mode: "none", models: [] }) as const;
  const registry = new SandboxRegistry({
    settings,
    provider,
    state,
    key,
    envd,
    toEgressPolicy,
    work: new PendingWork(),
  });
  const record = () =>
    newSandboxRecord(
      newSandboxSchema.parse({ templateID: "base" }),
      { templateId: "base", template },
      { settings, alwaysSecure: true, timeoutMs: 1000 },
    );
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => registry.create(record(), template)));
  expect(created).toBe(2);
  const refused = results.filter((one) => one.status === "rejected" && one.reason.status === 429);
  expect(refused).toHaveLength(4);
});
