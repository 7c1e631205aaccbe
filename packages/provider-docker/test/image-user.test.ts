import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { PrepareProgress } from "@glovebox/core/provider";
import tar from "tar-stream";
import { describe, expect, it } from "vitest";
import { buildImage } from "../src/image/build-image.ts";
import { importImage } from "../src/image/import-image.ts";
import { DockerImageEngine, removeImages } from "../src/index.ts";
import { claudeLayer, eventually, failureOf, imageFixture } from "./image-fixture.ts";

const images = imageFixture([]);
const dockerfile = (...lines: string[]) => [`FROM ${images.base()}`, `LABEL ${images.label}`, ...lines, ""].join("\n");

/** Whether any process on this machine has this word in its command line. */
async function runs(word: string): Promise<boolean> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return lines.some((line) => line.includes(word));
}

/** An image of a root file system with just these files. */
async function imageOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const pack = tar.pack();
  for (const [file, text] of Object.entries(files)) pack.entry({ name: file, mode: 0o755 }, text);
  pack.finalize();
  const reference = `glovebox-test-${name}:${images.label.slice(-12)}`;
  await importImage(images.engine(), { reference, tar: Readable.from(pack), changes: [`LABEL ${images.label}`] });
  return reference;
}

describe("a user's Dockerfile", () => {
  it("gets what a sandbox needs on top, whatever its user, entry point and directory are", async () => {
    const path = await images.context({
      Dockerfile: dockerfile(
        "RUN mkdir -p /workspace/deep && touch /workspace/deep/mine && mkdir /output",
        "ENV FLAVOUR=sweet",
        "USER 65534",
        "WORKDIR /elsewhere",
        'ENTRYPOINT ["/bin/false"]',
        "HEALTHCHECK CMD false",
      ),
    });
    const template = await images.prepare({ kind: "dockerfile", path }, { layers: [claudeLayer] });
    const script =
      "id -un; pwd; echo $FLAVOUR; echo $PATH; claude --version; stat -c %U /workspace/deep/mine; readlink /output; touch ~/x /output/y; ls -1 /workspace";
    expect((await images.run(template.reference, ["/bin/sh", "-c", script])).trim().split("\n")).toEqual([
      ...["agent", "/workspace", "sweet", expect.stringMatching("^/home/agent/.npm-global/bin:.*:/usr/local/bin:")],
      `${claudeLayer.npmVersion} (Claude Code)`,
      ...["agent", "/workspace", "deep", "y"],
    ]);
    const { Config } = await images.engine().getImage(template.reference).inspect();
    expect(Config).toMatchObject({
      User: expect.stringMatching(/^(0|0:0)$/),
      Entrypoint: ["/opt/glovebox/bin/node", "/opt/glovebox/supervisor.cjs"],
    });
    expect(await images.prepare({ kind: "dockerfile", path }, { layers: [claudeLayer] })).toEqual({
      ...template,
      reused: true,
    });
  });

  it("tells the hosts of the package registries that the image names", async () => {
    const path = await images.context({
      Dockerfile: dockerfile(
        "ENV PIP_INDEX_URL=https://pip.example.com/simple",
        "RUN mkdir -p /usr/local/etc && echo '@team:registry=https://npm.example.com:8443/' > /usr/local/etc/npmrc",
        "RUN rm -rf /etc/apt/sources.list* && echo 'deb http://deb.example.com/debian bookworm main' > /etc/apt/sources.list",
        "RUN mkdir -p /usr/local/bin && touch /usr/local/bin/npm /usr/local/bin/pip",
      ),
    });
    const cacheDir = join(images.directory, "cache");
    const { packageHosts } = await images.prepare({ kind: "dockerfile", path }, { cacheDir });
    const hosts = ["deb.example.com", "npm.example.com:8443", "pip.example.com", "registry.npmjs.org"];
    expect(packageHosts).toEqual(hosts);
    expect((await images.prepare({ kind: "dockerfile", path }, { cacheDir })).packageHosts).toEqual(hosts);
  });

  it("builds with BuildKit's syntax, with .dockerignore, with arguments, and behind this host's certificates", async () => {
    const path = await images.context({
      Dockerfile: [
        "# syntax=docker/dockerfile:1",
        "ARG BASE=nothing",
        "FROM $BASE AS registry",
        "RUN --mount=type=cache,target=/root/.npm \\",
        "    # asks the registry",
        "    npm view is-number name > /name",
        "FROM $BASE",
        `LABEL ${images.label}`,
        "COPY --from=registry /name /name",
        "COPY . /context",
        "",
      ].join("\n"),
      ".dockerignore": "secret*\n!secret-no-more\n",
      "secret.key": "s",
      "secret-no-more": "s",
      "kept/file": "k",
    });
    const template = await images.prepare({ kind: "dockerfile", path, buildArgs: { BASE: images.base() } });
    const script = "cat /name; cd /context; find . -type f | sort; env | grep -c CERT";
    expect((await images.run(template.reference, ["/bin/sh", "-c", script])).trim().split("\n")).toEqual([
      ...["is-number", "./.dockerignore", "./Dockerfile", "./kept/file", "./secret-no-more", "0"],
    ]);
  });

  it("is built again when a file of its context changes", async () => {
    const path = await images.context({ Dockerfile: dockerfile("COPY note /note"), note: "one" });
    const first = await images.prepare({ kind: "dockerfile", path });
    await writeFile(path.replace("Dockerfile", "note"), "two");
    const second = await images.prepare({ kind: "dockerfile", path });
    expect(second.digest).not.toBe(first.digest);
    expect(await images.run(second.reference, ["cat", "/note"])).toBe("two");
  });

  it("has a notice that names what is not UTF-8 in its context, also when the image is there", async () => {
    const path = await images.context({ Dockerfile: dockerfile() });
    await writeFile(Buffer.from(path.replace("Dockerfile", "gr\u00fc\u00df\n"), "latin1"), "x");
    const notice = "Names that are not UTF-8 are excluded from the build context: gr\\xfc\\xdf\\x0a";
    expect(await images.prepare({ kind: "dockerfile", path })).toMatchObject({ reused: false, notice });
    expect(await images.prepare({ kind: "dockerfile", path })).toMatchObject({ reused: true, notice });
  });

  it("names the step that fails, and ends with that step's own output", async () => {
    const path = await images.context({
      Dockerfile: dockerfile(
        "RUN echo fine",
        "RUN echo why it failed >&2; echo and more >&2; exit 7",
        "RUN echo never",
      ),
    });
    const output: string[] = [];
    const onProgress = (one: PrepareProgress) => one.output !== undefined && output.push(one.output);
    const error = await failureOf(images.prepare({ kind: "dockerfile", path }, { onProgress }));
    expect(error.code).toBe("template");
    expect(error.message).toContain("RUN echo why it failed");
    expect(error.message).toMatch(/exit code: 7\nwhy it failed\nand more$/);
    expect(error.message).not.toContain("never");
    expect(output).toContain("why it failed");
  });

  it("says where a Dockerfile cannot be parsed", async () => {
    const path = await images.context({ Dockerfile: dockerfile("NONSENSE here") });
    const error = await failureOf(images.prepare({ kind: "dockerfile", path }));
    expect(error).toMatchObject({ code: "template", message: expect.stringMatching(/nonsense/i) });
  });

  it.each(["1", "2"] as const)("leaves nothing running when it is aborted (builder %s)", async (builder) => {
    const word = `60${builder}${Date.now() % 100_000}`;
    const abort = new AbortController();
    const engine = images.engine();
    const building = failureOf(
      buildImage(engine, {
        context: tarOf({ Dockerfile: dockerfile(`RUN sleep ${word}`) }),
        dockerfile: "Dockerfile",
        buildArgs: {},
        labels: {},
        what: "a slow image",
        builder,
        signal: abort.signal,
      }),
    );
    await eventually(() => runs(word), "the step runs");
    abort.abort();
    expect((await building).code).toBe("aborted");
    await eventually(async () => !(await runs(word)), "the step has ended");
    await eventually(async () => {
      const containers = await engine.listContainers({ all: true });
      return containers.every((container) => !container.Command.includes(word));
    }, "no container is left");
  });

  it("builds from images that only this engine has, with the classic builder as well", async () => {
    const id = await buildImage(images.engine(), {
      context: tarOf({ Dockerfile: dockerfile("RUN echo classic > /how") }),
      dockerfile: "Dockerfile",
      buildArgs: {},
      labels: { [images.label.split("=")[0] ?? ""]: images.label.split("=")[1] ?? "" },
      what: "an image",
      builder: "1",
    });
    expect(await images.run(id, ["cat", "/how"])).toBe("classic\n");
  });
});

describe("a user's image", () => {
  it("is taken by name, keeps its own name, and gets what a sandbox needs", async () => {
    const Id = await buildImage(images.engine(), {
      context: tarOf({ Dockerfile: dockerfile("RUN echo mine > /mine") }),
      dockerfile: "Dockerfile",
      buildArgs: {},
      labels: {},
      what: "an image",
    });
    const name = `glovebox-test-own:${images.label.slice(-12)}`;
    await new DockerImageEngine(images.engine()).tag(Id, name);
    const template = await images.prepare({ kind: "image", reference: name });
    expect(template.reused).toBe(false);
    expect(await images.run(template.reference, ["cat", "/mine"])).toBe("mine\n");
    expect(await images.prepare({ kind: "image", reference: name })).toEqual({ ...template, reused: true });
    await removeImages(images.engine(), { references: [template.reference] });
    expect((await images.engine().getImage(name).inspect()).Id).toBe(Id);
  });

  it.each([
    [
      "musl",
      { "lib/ld-musl-x86_64.so.1": "musl", "bin/sh": "x" },
      "uses musl (as Alpine does); Glovebox needs glibc 2.28 or newer",
    ],
    [
      "old",
      { "lib64/libc.so.6": "GNU C Library (X 2.17-3) stable release version 2.17, by them." },
      "uses glibc 2.17; Glovebox needs glibc 2.28",
    ],
    ["bare", { "bin/x": "x" }, "has no C library; Glovebox needs glibc 2.28"],
  ])("is refused where its C library does not fit: %s", async (name, files, message) => {
    const reference = await imageOf(name, files as unknown as Record<string, string>);
    const error = await failureOf(images.prepare({ kind: "image", reference }));
    expect(error).toMatchObject({
      code: "template",
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
    expect(error.message).toContain(reference);
  });

  it("is refused where there is not one of that name", async () => {
    const error = await failureOf(images.prepare({ kind: "image", reference: "127.0.0.1:1/nobody/nothing:1" }));
    expect(error).toMatchObject({ code: "template", message: expect.stringContaining("127.0.0.1:1/nobody/nothing:1") });
    expect((await failureOf(images.prepare({ kind: "image", reference: "../containers" }))).code).toBe(
      "invalid-options",
    );
  });
});

function tarOf(files: Readonly<Record<string, string>>): Readable {
  const pack = tar.pack();
  for (const [name, text] of Object.entries(files)) pack.entry({ name }, text);
  pack.finalize();
  return Readable.from(pack);
}
