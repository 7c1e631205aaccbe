import { randomUUID } from "node:crypto";
import { exec } from "@glovebox/core/exec";
import { ownerLabel, runLabel, type SandboxProvider, type Template, type TemplateLayer } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCloudflareProvider } from "../src/index.ts";
import { type RunningWorker, startWorker } from "./support/start-worker.ts";

let worker: RunningWorker;
let provider: SandboxProvider;

beforeAll(async () => {
  worker = await startWorker();
  provider = newProvider();
}, 300_000);

afterAll(() => worker[Symbol.asyncDispose]());

function newProvider(): SandboxProvider {
  return createCloudflareProvider({ url: worker.url, apiKey: worker.apiKey });
}

/** Small, without dependencies, and in no image. */
const semver: TemplateLayer = {
  id: "semver",
  npmPackage: "semver",
  npmVersion: "7.7.2",
  check: { argv: ["semver", "1.2.3"], prints: "1.2.3" },
};
const node: TemplateLayer = { ...semver, id: "node", check: { argv: ["node", "--version"], prints: "v" } };

async function outputIn(template: Template, argv: readonly [string, ...string[]]): Promise<string> {
  const name = `test-${randomUUID()}`;
  await using sandbox = await provider.create({
    template,
    labels: { [ownerLabel]: name, [runLabel]: name },
    ttlMs: 60_000,
    env: {},
    egress: { mode: "none", models: [] },
    idempotencyKey: name,
  });
  return (await exec(sandbox, argv, { stripFinalNewline: false })).stdout;
}

async function left(): Promise<number> {
  let count = 0;
  for await (const _ of provider.list({ labels: {} })) count += 1;
  return count;
}

describe("a template", { timeout: 240_000 }, () => {
  it("is the image itself if it contains the harness, which is tested once", async () => {
    const spec = { base: { kind: "default" as const }, layers: [node] };
    const first = await provider.prepare(spec);
    expect(first).toMatchObject({ reference: "base", reused: false });
    expect(await newProvider().prepare(spec)).toEqual({ ...first, reused: true });
    expect(await left()).toBe(0);
  });

  it("of an image without the harness gets it installed once", async () => {
    const spec = { base: { kind: "image" as const, reference: "bare" }, layers: [semver] };
    const reported: string[] = [];
    const first = await provider.prepare(spec, { onProgress: ({ message }) => reported.push(message) });
    expect(first).toMatchObject({ reference: expect.stringMatching(/^snapshot:/), reused: false });
    expect(reported).toContain("installing semver@7.7.2");
    expect(await newProvider().prepare(spec)).toEqual({ ...first, reused: true });
    expect(await outputIn(first, ["semver", "1.2.3"])).toBe("1.2.3\n");
    expect(await left()).toBe(0);
  });

  it("of a missing package fails with npm's message", async () => {
    const missing = { ...semver, npmVersion: "0.0.1-no-such-version" };
    const making = provider.prepare({ base: { kind: "image", reference: "bare" }, layers: [missing] });
    await expect(making).rejects.toMatchObject({ code: "template", message: expect.stringContaining("ETARGET") });
    expect(await left()).toBe(0);
  });

  it("cannot be created from a Dockerfile or an unknown image", async () => {
    const dockerfile = provider.prepare({ base: { kind: "dockerfile", path: "/tmp/Dockerfile" }, layers: [] });
    await expect(dockerfile).rejects.toMatchObject({ code: "capability-unsupported" });
    const missing = provider.prepare({ base: { kind: "image", reference: "missing" }, layers: [] });
    await expect(missing).rejects.toMatchObject({ code: "template", hint: expect.stringContaining("base, bare") });
  });
});
