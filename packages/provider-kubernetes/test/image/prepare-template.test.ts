import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { SandboxError, type TemplateBase } from "@glovebox/core/provider";
import { CliImageEngine, hostArchitecture } from "@glovebox/image-builder";
import tar from "tar-stream";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startRegistry, type TestRegistry } from "../../../image-builder/test/start-registry.ts";
import { imageFindings } from "../../src/image/image-findings.ts";
import type { ImageSettings } from "../../src/image/image-settings.ts";
import { prepareTemplate } from "../../src/image/prepare-template.ts";
import { readReference } from "../../src/template/template-reference.ts";
import { testLayers } from "../support/test-layers.ts";

const engine = new CliImageEngine({ providerId: "kubernetes", command: "docker" });
const user = `glovebox-test/user:${randomUUID()}`;
let registry: TestRegistry;
let directory = "";

beforeAll(async () => {
  registry = await startRegistry();
  directory = await mkdtemp(join(tmpdir(), "glovebox-images-"));
  vi.stubEnv("GLOVEBOX_HOME", directory);
  const pack = tar.pack();
  pack.entry({ name: "hello" }, randomUUID());
  pack.finalize();
  await engine.importImage({ reference: user, tar: Readable.from(pack), changes: [] });
});

afterAll(async () => {
  await engine.remove(user, { force: true });
  await registry[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const prepare = (base: TemplateBase, settings: ImageSettings, options: { rebuild?: boolean } = {}) =>
  prepareTemplate({ settings }, { base, layers: testLayers }, { ...options, checkLayers: async () => {} });
const own = () => ({ registry: `${registry.host}/team/glovebox` });

/** Makes everything fail that needs an engine. */
async function withoutEngine<T>(use: () => Promise<T>): Promise<T> {
  const path = process.env.PATH;
  vi.stubEnv("PATH", directory);
  try {
    return await use();
  } finally {
    vi.stubEnv("PATH", path);
  }
}

async function failureOf(call: Promise<unknown>): Promise<SandboxError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SandboxError.isInstance(error)) throw new Error(`not a SandboxError: ${String(error)}`);
  return error;
}

it("builds and pushes the default image once; then one request finds it, and no engine is needed", async () => {
  const pushed = await prepare({ kind: "default" }, own());
  expect(pushed).toMatchObject({ reused: false });
  expect(pushed.reference).toMatch(new RegExp(`^${own().registry}@sha256:[0-9a-f]{64}$`));
  registry.requests.length = 0;
  const found = await withoutEngine(() => prepare({ kind: "default" }, own()));
  expect(found).toEqual({ ...pushed, reused: true });
  expect(new Set(registry.requests.map((request) => request.split(" ")[0]))).toEqual(new Set(["HEAD"]));
});

it("copies Glovebox's programs beside an image of a registry, which needs no engine once they are pushed", async () => {
  const base = { kind: "image", reference: `${registry.host}/else/where:1` } as const;
  await engine.tag(user, base.reference);
  await engine.push(base.reference, { env: process.env });
  await engine.remove(base.reference);
  const first = await prepare(base, own());
  const { image, tools } = readReference(first.reference);
  expect(image).toMatch(new RegExp(`^${registry.host}/else/where@sha256:[0-9a-f]{64}$`));
  expect(tools).toMatch(new RegExp(`^${own().registry}@sha256:[0-9a-f]{64}$`));
  const again = await withoutEngine(() => prepare(base, own()));
  expect(again).toEqual({ ...first, reused: true });
  // By its digest no registry has to be asked what it means.
  const byDigest = { kind: "image", reference: image } as const;
  expect((await withoutEngine(() => prepare(byDigest, own()))).reference).toBe(first.reference);
});

it("keeps in the tools image what a pod needs, and a program that can copy it", async () => {
  const base = { kind: "image", reference: `${registry.host}/else/where:1` } as const;
  const { tools = "" } = readReference((await prepare(base, own())).reference);
  const list = ["/opt/glovebox/bin/busybox", "find", "/opt/glovebox", "-maxdepth", "2", "-name", "*"];
  const { exitCode, output } = await engine.run(tools, { argv: list, user: "1000:1000", env: {} });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  for (const name of ["bin/node", "bin/tini", "bin/busybox", "supervisor.cjs", "harness/node_modules"])
    expect(output.split("\n")).toContain(`/opt/glovebox/${name}`);
  await engine.remove(tools);
});

it("names the image on the nodes where there is no registry, and how it gets there", async () => {
  const { reference, notice, reused } = await prepare({ kind: "default" }, {});
  expect(reference).toMatch(/^glovebox\/sandbox:[0-9a-f]{12}$/);
  expect(reused).toBe(true);
  expect(notice).toBeUndefined();
  const named = await withoutEngine(() => prepare({ kind: "image", reference }, {}));
  expect(named.reference).toBe(reference);
  const base = { kind: "image", reference: `${registry.host}/else/where:1` } as const;
  const beside = readReference((await prepare(base, {})).reference);
  expect(beside.image).toContain("@sha256:");
  expect(beside.tools).toMatch(/^glovebox\/tools:[0-9a-f]{12}$/);
});

it("says what is missing in one line: an engine, an image, a registry", async () => {
  const noEngine = await withoutEngine(() => failureOf(prepare({ kind: "default" }, {})));
  expect(noEngine).toMatchObject({ code: "template", hint: expect.stringContaining("glovebox image push") });
  const missing = `${registry.host}/else/none:1`;
  const noImage = await failureOf(prepare({ kind: "image", reference: missing }, own()));
  expect(noImage.message).toBe(`The registry ${registry.host} has no image ${missing}`);
  const noRegistry = await failureOf(prepare({ kind: "default" }, { registry: "127.0.0.1:1/team/glovebox" }));
  expect(noRegistry).toMatchObject({ code: "unavailable", retryable: true });
  const invalid = await failureOf(prepare({ kind: "default" }, { registry: "127.0.0.1:1/Team:1" }));
  expect(invalid).toMatchObject({ code: "invalid-options" });
});

it("builds a Dockerfile for the registry, and finds it there as long as nothing in its context changes", async () => {
  const context = await mkdtemp(join(directory, "context-"));
  const path = join(context, "Dockerfile");
  await writeFile(path, "ARG GLOVEBOX_BASE\nFROM $GLOVEBOX_BASE\nRUN echo more > /opt/more\n");
  const built = await prepare({ kind: "dockerfile", path }, own());
  expect(built.reused).toBe(false);
  expect(await withoutEngine(() => prepare({ kind: "dockerfile", path }, own()))).toEqual({ ...built, reused: true });
  await writeFile(join(context, "more"), "changed");
  const failure = await withoutEngine(() => failureOf(prepare({ kind: "dockerfile", path }, own())));
  expect(failure.message).toContain("No container engine");
});

it("finds out beforehand whether the registry and an engine answer", async () => {
  expect(await imageFindings(own(), {})).toEqual([
    { name: "registry", status: "ok", message: `Images for ${hostArchitecture()} from ${own().registry}` },
  ]);
  expect(await imageFindings({}, {})).toMatchObject([{ name: "registry", status: "notice" }]);
  expect(await withoutEngine(() => imageFindings(own(), {}))).toMatchObject([
    { status: "ok" },
    { name: "image engine", status: "notice" },
  ]);
  expect(await withoutEngine(() => imageFindings({}, {}))).toMatchObject([
    { status: "notice" },
    { name: "image engine", status: "problem" },
  ]);
  expect(await imageFindings({ registry: "127.0.0.1:1/team" }, {})).toMatchObject([{ status: "problem" }]);
});
