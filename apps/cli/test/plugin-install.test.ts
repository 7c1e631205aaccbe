import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";

const code = `
const refuse = async () => { throw new Error("not in this test"); };
const capabilities = {
  templates: { image: true, dockerfile: false },
  resources: { cpus: false, memoryMiB: true, pids: false, diskMiB: false, openFiles: false, tmpMiB: false, shmMiB: false },
  egress: { modes: ["none", "sealed"], hosts: true, ports: false, credentials: false, paths: false, audit: false, metering: false },
  mounts: false, rootInside: false, wake: true, stats: false, pty: false, endpoint: false, pause: false,
  snapshot: false, watch: false,
};
export const provider = {
  specificationVersion: 1,
  kind: "provider",
  create: () => ({ specificationVersion: 1, id: "acme", capabilities, preflight: refuse, prepare: refuse,
    create: refuse, connect: refuse, list: refuse, destroy: refuse }),
};
`;

/** A registry that has these packages, each of one file. */
async function startRegistry(stage: Stage, packages: Readonly<Record<string, string>>) {
  const documents = new Map<string, object>();
  const tarballs = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const [document, tarball] = [documents.get(path), tarballs.get(path)];
    response.statusCode = document === undefined && tarball === undefined ? 404 : 200;
    response.end(tarball ?? JSON.stringify(document ?? { error: "not found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  for (const [name, text] of Object.entries(packages)) {
    const directory = join(stage.temporary, name.replace("/", "-"));
    mkdirSync(directory);
    const scripts = { postinstall: `touch ${join(stage.temporary, "ran-a-script")}` };
    const manifest = { name, version: "1.2.0", type: "module", exports: { ".": { import: "./index.js" } }, scripts };
    writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(directory, "index.js"), text);
    const [packed] = JSON.parse(execFileSync("npm", ["pack", "--json"], { cwd: directory, encoding: "utf8" }));
    const bytes = readFileSync(join(directory, packed.filename));
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    tarballs.set(`/${name}/-/x.tgz`, bytes);
    const dist = { tarball: `${url}/${name}/-/x.tgz`, integrity };
    documents.set(`/${name}`, { name, "dist-tags": { latest: "1.2.0" }, versions: { "1.2.0": { ...manifest, dist } } });
  }
  const env = {
    npm_config_registry: url,
    npm_config_cache: join(stage.temporary, "npm"),
    HTTP_PROXY: "",
    http_proxy: "",
  };
  return { env, [Symbol.dispose]: () => server.close() };
}

it("a provider is added, listed, used by its name and removed", async () => {
  await using stage = await setStage({ turns: [] });
  using registry = await startRegistry(stage, { "@acme/glovebox-x": code });
  const { env } = registry;
  const added = await stage.glovebox(["providers", "add", "@acme/glovebox-x@1.2.0"], { env }).done;
  expect(added).toMatchObject({ code: 0, stdout: "--provider @acme/glovebox-x\n" });
  const listed = await stage.glovebox(["providers"]).done;
  expect(listed.stdout).toMatch(/^docker .*beside this command/m);
  expect(listed.stdout).toMatch(
    /^@acme\/glovebox-x +1\.2\.0 +in your packages +templates \(image\), limits \(memoryMiB\), network \(none sealed hosts\), wake$/m,
  );
  const json = (await stage.glovebox(["providers", "list", "--json"]).done).stdout.trim().split("\n");
  const all = json.map((line) => JSON.parse(line) as { readonly name: string });
  expect(all.find(({ name }) => name === "@acme/glovebox-x")).toMatchObject({
    ...{ id: "acme", version: "1.2.0", capabilities: { wake: true } },
  });
  // In a checkout the other providers of this repository lie beside the command too.
  expect(all.map(({ name }) => name).filter((name) => name !== "@acme/glovebox-x")).toEqual([
    "cloudflare",
    "docker",
    "e2b",
    "kubernetes",
  ]);
  const doctor = await stage.glovebox(["doctor", "--provider", "@acme/glovebox-x"]).done;
  expect(doctor.stdout).toContain("Not in this test");
  const removed = await stage.glovebox(["providers", "remove", "@acme/glovebox-x"], { env }).done;
  expect(removed).toMatchObject({ code: 0, stdout: "@acme/glovebox-x\n" });
  expect((await stage.glovebox(["providers"]).done).stdout).not.toContain("@acme");
  expect(() => readFileSync(join(stage.temporary, "ran-a-script"))).toThrow();
});

it("a package that is not a provider is removed again unless it was installed before, and a missing one is reported", async () => {
  await using stage = await setStage({ turns: [] });
  using registry = await startRegistry(stage, { "@acme/other": "export const other = 1;", "@acme/glovebox-x": code });
  const { env } = registry;
  const other = await stage.glovebox(["providers", "add", "@acme/other"], { env }).done;
  expect(other).toMatchObject({ code: 2, stdout: "" });
  expect(other.stderr).toContain("@acme/other is no provider, and is taken out again");
  expect(readFileSync(join(stage.home, "packages/package.json"), "utf8")).not.toContain("@acme/other");
  expect((await stage.glovebox(["providers", "add", "@acme/glovebox-x"], { env }).done).code).toBe(0);
  const asHarness = await stage.glovebox(["harnesses", "add", "@acme/glovebox-x"], { env }).done;
  expect(asHarness).toMatchObject({ code: 2, stdout: "" });
  expect(asHarness.stderr).toContain("@acme/glovebox-x is no harness: ");
  expect((await stage.glovebox(["providers"]).done).stdout).toContain("@acme/glovebox-x");
  const nowhere = await stage.glovebox(["providers", "add", "@acme/nowhere"], { env }).done;
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain("could not install @acme/nowhere");
});

it.each(["../x", "/x", "x y", "--global", "git+https://x.test/y", "npm:x", "@acme/x@file:../y", ""])(
  "%j is no name of a package, and nothing is installed",
  async (name) => {
    await using stage = await setStage({ turns: [] });
    const done = await stage.glovebox(["providers", "add", name]).done;
    expect(done).toMatchObject({ code: 2, stdout: "" });
    expect(() => readFileSync(join(stage.home, "packages/package.json"))).toThrow();
  },
);

it("what was not added is not removed", async () => {
  await using stage = await setStage({ turns: [] });
  const { code: exitCode, stderr } = await stage.glovebox(["providers", "remove", "docker"]).done;
  expect(exitCode).toBe(2);
  expect(stderr).toContain("@glovebox/provider-docker was not added here");
});
