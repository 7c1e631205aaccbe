import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxProvider, Template } from "@glovebox/core/provider";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newSandboxRecord } from "../control/sandbox-record-of.ts";
import { newSandboxSchema } from "../control/sandbox-request.ts";
import { parseGatewayOptions } from "../gateway-options.ts";
import { GatewayKey } from "./gateway-key.ts";
import { SandboxRegistry } from "./sandbox-registry.ts";
import { StateFolder } from "./state-folder.ts";

const template: Template = { providerId: "stand-in", reference: "image", digest: "digest", reused: true };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-registry-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("many that are asked for at the same moment do not pass the limit together", async () => {
  let made = 0;
  const provider = {
    id: "stand-in",
    capabilities: { rootInside: true, endpoint: true, resources: {} },
    create: async () => {
      made++;
      throw new Error("there is none here");
    },
    // Only what a create that fails needs.
  } as unknown as SandboxProvider;
  const settings = parseGatewayOptions({ provider, apiKeys: ["key"], stateDir: folder, limits: { maxSandboxes: 2 } });
  const state = new StateFolder(folder);
  const key = new GatewayKey(await state.open());
  const envd = { text: Buffer.alloc(0), path: "/envd" };
  const toEgressPolicy = () => ({ mode: "none", models: [] }) as const;
  const registry = new SandboxRegistry({ settings, provider, state, key, envd, toEgressPolicy });
  const record = () =>
    newSandboxRecord(
      newSandboxSchema.parse({ templateID: "base" }),
      { templateId: "base", template },
      { settings, alwaysSecure: true, timeoutMs: 1000 },
    );
  const asked = await Promise.allSettled(Array.from({ length: 6 }, () => registry.create(record(), template)));
  expect(made).toBe(2);
  const refused = asked.filter((one) => one.status === "rejected" && one.reason.status === 429);
  expect(refused).toHaveLength(4);
});
