import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError, type Template, type TemplateBase, type TemplateLayer } from "@glovebox/core/provider";
import { listImages } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { afterAll, beforeAll } from "vitest";
import {
  createEngine,
  DockerImageEngine,
  type PrepareTemplateOptions,
  prepareTemplate,
  resolveEngineEndpoint,
} from "../src/index.ts";

export const claudeLayer: TemplateLayer = {
  id: "claude-code",
  npmPackage: "@anthropic-ai/claude-code",
  npmVersion: "2.1.328",
  check: { argv: ["claude", "--version"], prints: "2.1.328" },
};

export interface ImageFixture {
  readonly directory: string;
  /** A label that every image of this file's own carries. */
  readonly label: string;
  engine(): Docker;
  /** The image that the default one is made from, as it is on this engine. */
  base(): string;
  /** Writes files into a directory of their own, and gives the path of the Dockerfile among them. */
  context(files: Readonly<Record<string, string>>): Promise<string>;
  prepare(
    base: TemplateBase,
    options?: PrepareTemplateOptions & { layers?: readonly TemplateLayer[] },
  ): Promise<Template>;
  /** Runs a program in an image and gives what it printed. */
  run(image: string, argv: readonly string[], user?: string): Promise<string>;
}

/** An engine, layers, a supervisor of this file's own and a place for build contexts; every image made is removed at the end. */
export function imageFixture(usualLayers: readonly TemplateLayer[] = [claudeLayer]): ImageFixture {
  const label = `glovebox.test=${randomUUID()}`;
  const created = new Set<string>();
  let engine: Docker | undefined;
  let directory = "";
  let base = "";
  const fixture: ImageFixture = {
    label,
    get directory() {
      return directory;
    },
    engine: () => present(engine),
    base: () => base,
    async context(files) {
      const path = join(directory, randomUUID());
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), text);
      }
      return join(path, "Dockerfile");
    },
    async prepare(from, { layers = usualLayers, ...options } = {}) {
      const supervisorFile = join(directory, "supervisor.cjs");
      // What is added to a user's image comes from the default one, which is made on the way.
      if (from.kind !== "default") await fixture.prepare({ kind: "default" }, { layers, ...options });
      const template = await prepareTemplate(present(engine), { base: from, layers }, { supervisorFile, ...options });
      created.add(template.reference);
      return template;
    },
    async run(image, argv, user = "1000:1000") {
      const name = `glovebox-test-${randomUUID()}`;
      const chunks: Buffer[] = [];
      const output = new PassThrough().on("data", (chunk: Buffer) => chunks.push(chunk));
      try {
        await present(engine).run(image, [...argv.slice(1)], output, {
          name,
          Entrypoint: [argv[0] ?? ""],
          User: user,
          Tty: true,
          HostConfig: { NetworkMode: "none" },
        });
      } finally {
        // Not by itself: it could be gone before its end is waited for.
        await present(engine).getContainer(name).remove({ force: true });
      }
      return Buffer.concat(chunks).toString("utf8").replaceAll("\r\n", "\n");
    },
  };
  beforeAll(async () => {
    engine = createEngine(await resolveEngineEndpoint());
    directory = await mkdtemp(join(tmpdir(), "glovebox-image-"));
    // Its own, to distinguish this file's images from all others; the layers below are shared.
    await writeFile(join(directory, "supervisor.cjs"), `// ${label}\nconsole.log("a supervisor");\n`);
    created.add((await fixture.prepare({ kind: "default" })).reference);
    const registry = "node:24-bookworm-slim";
    const images = new DockerImageEngine(engine);
    const debian = (await listImages(images)).find(({ reference }) => reference.startsWith("glovebox/base:debian-"));
    base = (await images.inspect(registry)) === undefined ? (debian?.reference ?? "") : registry;
  });
  afterAll(async () => {
    const labelled = await present(engine).listImages({ filters: { label: [label] } });
    for (const { Id, RepoTags } of labelled) {
      for (const name of RepoTags ?? []) created.add(name === "<none>:<none>" ? Id : name);
    }
    for (const name of created) await removeImage(present(engine), name);
    for (const { Id } of await present(engine).listImages({ filters: { label: [label] } }))
      await removeImage(present(engine), Id);
    await rm(directory, { recursive: true });
  });
  return fixture;
}

async function removeImage(engine: Docker, name: string): Promise<void> {
  await engine
    .getImage(name)
    .remove({ force: true })
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
    });
}

/** The error of the family that a call rejects with. */
export async function failureOf(call: Promise<unknown>): Promise<SandboxError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!SandboxError.isInstance(error))
    throw new Error(`not an error of the family: ${String(error)}`, { cause: error });
  return error;
}

/** Polls a condition for at most 30 seconds. */
export async function eventually(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after 30 seconds: ${what}`);
    await delay(50);
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("used before it was made");
  return value;
}
