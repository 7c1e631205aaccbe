import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { SandboxError } from "@glovebox/core/provider";
import tar from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { CliImageEngine, hostArchitecture, ImageRepository, pinImage, RegistryClient } from "../src/index.ts";
import { type RegistryAccess, registryUser, startRegistry } from "./start-registry.ts";

const engine = new CliImageEngine({ providerId: "docker", command: "docker" });
const digest = randomUUID().replaceAll("-", "").repeat(2);
const image = `glovebox-test/pushed:${digest.slice(0, 12)}`;

async function importedImage(): Promise<{ readonly reference: string; readonly digest: string }> {
  if ((await engine.inspect(image)) === undefined) {
    const pack = tar.pack();
    pack.entry({ name: "hello" }, randomUUID());
    pack.finalize();
    await engine.importImage({ reference: image, tar: Readable.from(pack), changes: [] });
  }
  return { reference: image, digest };
}

afterAll(async () => {
  await engine.remove(image, { force: true });
});

const noEngine = async (): Promise<never> => {
  throw new Error("no engine is needed");
};

async function failureOf(call: Promise<unknown>): Promise<SandboxError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SandboxError.isInstance(error)) throw new Error(`not a SandboxError: ${String(error)}`);
  return error;
}

describe.each(["open", "password", "token"] satisfies RegistryAccess[])("a registry with access %s", (access) => {
  it("gets an image once, which is then found by its content without an engine", async () => {
    await using registry = await startRegistry(access);
    const env = access === "open" ? process.env : { ...process.env, DOCKER_CONFIG: await registry.logIn() };
    const repository = `${registry.host}/team/glovebox`;
    const built = await importedImage();
    const without = new ImageRepository({ repository, engine: noEngine, env });
    expect(await without.find("sandbox", [digest])).toBeUndefined();

    const pushed = await new ImageRepository({ repository, engine: async () => engine, env }).push("sandbox", built);
    const tag = `${repository}:sandbox-${digest.slice(0, 24)}-${hostArchitecture()}`;
    expect(pushed).toMatchObject({ tag, digest, reused: false });
    expect(pushed.reference).toMatch(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
    registry.requests.length = 0;
    const others = "0".repeat(64);
    expect(await without.find("sandbox", [others, digest])).toEqual({ ...pushed, reused: true });
    expect(await without.find("tools", [digest])).toBeUndefined();
    expect(registry.requests.filter((request) => !request.startsWith("HEAD "))).toEqual([]);
    expect((await engine.inspect(image))?.names).toEqual([image]);
    expect(await pinImage(tag, noEngine, { env })).toEqual({ reference: pushed.reference, isInRegistry: true });
  });
});

describe.each(["password", "token"] satisfies RegistryAccess[])("a registry with access %s", (access) => {
  it("is asked to log in to, in one line that holds no password", async () => {
    await using registry = await startRegistry(access);
    const repository = `${registry.host}/team/glovebox`;
    const wrong = "another-password";
    const directories = [await mkdtemp(join(tmpdir(), "glovebox-empty-")), await registry.logIn(wrong)];
    const built = await importedImage();
    for (const DOCKER_CONFIG of directories) {
      const env = { ...process.env, DOCKER_CONFIG };
      const images = new ImageRepository({ repository, engine: async () => engine, env });
      for (const call of [images.find("sandbox", [digest]), images.push("sandbox", built)]) {
        const failure = await failureOf(call);
        expect(failure).toMatchObject({ code: "authentication" });
        expect(failure.hint).toContain("docker login");
        expect(`${failure.message} ${failure.hint}`).not.toContain("\n");
        expect(`${failure.message} ${failure.hint}`).not.toContain(wrong);
      }
    }
    await rm(directories[0] ?? "", { recursive: true });
  });
});

it("takes a login from a credential helper", async () => {
  await using registry = await startRegistry("password");
  const directory = await mkdtemp(join(tmpdir(), "glovebox-helper-"));
  const { username: Username, password: Secret } = registryUser;
  const helper = `#!/bin/sh\nread -r host\n[ "$1 $host" = "get ${registry.host}" ] && echo '${JSON.stringify({ Username, Secret })}'\n`;
  await writeFile(join(directory, "docker-credential-test"), helper, { mode: 0o755 });
  await writeFile(join(directory, "config.json"), JSON.stringify({ credHelpers: { [registry.host]: "test" } }));
  const env = { ...process.env, DOCKER_CONFIG: directory, PATH: `${directory}:${process.env.PATH}` };
  expect(await new RegistryClient({ env }).resolve(`${registry.host}/team/none:1`)).toBeUndefined();
  await rm(directory, { recursive: true });
});

it("refuses an image of another architecture, and says where to build it", async () => {
  await using registry = await startRegistry();
  const architecture = hostArchitecture() === "amd64" ? "arm64" : "amd64";
  const repository = `${registry.host}/team/glovebox`;
  const images = new ImageRepository({ repository, architecture, engine: async () => engine });
  const failure = await failureOf(images.push("sandbox", await importedImage()));
  expect(failure).toMatchObject({ code: "template", hint: expect.stringContaining(architecture) });
  expect(failure.message).toBe(`docker builds images for ${hostArchitecture()}, and ${architecture} is needed`);
  expect(registry.requests.filter((request) => request.startsWith("P"))).toEqual([]);
});

it("takes what only the engine has by its id, and reports what the registry said where nobody has it", async () => {
  await using registry = await startRegistry();
  const { reference } = await importedImage();
  const id = (await engine.inspect(reference))?.id;
  const local = `${registry.host}/local/only:1`;
  await engine.tag(reference, local);
  try {
    expect(await pinImage(local, async () => engine)).toEqual({ reference: id, isInRegistry: false });
  } finally {
    await engine.remove(local);
  }
  const missing = `${registry.host}/local/none:1`;
  expect(await failureOf(pinImage(missing, async () => engine))).toMatchObject({
    code: "template",
    message: `The registry ${registry.host} has no image ${missing}`,
  });
  const dead = await failureOf(pinImage("127.0.0.1:1/local/none:1", async () => engine));
  expect(dead).toMatchObject({ code: "template", retryable: true });
  expect(dead.message).toContain("asking the registry 127.0.0.1:1");
});

it("asks no public registry for names that Glovebox gives", async () => {
  expect(await pinImage("glovebox/user:0123456789ab", noEngine)).toEqual({
    reference: "glovebox/user:0123456789ab",
    isInRegistry: false,
  });
});

it("rejects a repository that is no repository", async () => {
  for (const repository of ["registry.example/Team/x", "registry.example/team:tag", "", "a b", "-x/y", "x/../y"]) {
    expect(() => new ImageRepository({ repository, engine: noEngine })).toThrow(SandboxError);
  }
});
