import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SandboxError } from "../../errors/index.ts";
import { loadHarness, loadProvider } from "./load-plugin.ts";

const capabilities = `{
  templates: { image: false, dockerfile: false },
  resources: { cpus: false, memoryMiB: false, pids: false, diskMiB: false, openFiles: false, tmpMiB: false, shmMiB: false },
  egress: { modes: ["none"], hosts: false, ports: false, credentials: false, paths: false, audit: false, metering: false },
  mounts: false, rootInside: false, wake: false, stats: false, pty: false, endpoint: false, pause: false,
  snapshot: false, watch: false,
}`;
const methods = "preflight() {}, prepare() {}, create() {}, connect() {}, list() {}, destroy() {}";
const sandboxes = `{ specificationVersion: 1, id: "acme", capabilities: ${capabilities}, ${methods} }`;
const plugin = (created: string, version = "1") =>
  `{ specificationVersion: ${version}, kind: "provider", create: (settings) => (${created}) }`;
const provider = (created: string, version?: string) => `export const provider = ${plugin(created, version)};`;
const good = provider(`{ ...${sandboxes}, settings }`);

let root: string;
const path = (name: string) => join(root, name);
const put = (name: string, text: string) => {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), text);
};
const installed = (name: string, manifest: object, files: Readonly<Record<string, string>>) => {
  put(`node_modules/${name}/package.json`, JSON.stringify({ name, ...manifest }));
  for (const [file, text] of Object.entries(files)) put(`node_modules/${name}/${file}`, text);
};
const load = (name: string) => loadProvider(name, { resolveFrom: [path("empty"), root], pathsFrom: root });

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-plugins-"));
  mkdirSync(path("empty"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a provider is found", () => {
  it("as a package that can only be imported", async () => {
    installed("@acme/import-only", { type: "module", exports: { ".": { import: "./x.js" } } }, { "x.js": good });
    expect((await load("@acme/import-only")).id).toBe("acme");
  });

  it("as a CommonJS package", async () => {
    installed(
      "@acme/common",
      { main: "x.js" },
      { "x.js": `Object.assign(exports, { provider: ${plugin(sandboxes)} })` },
    );
    expect((await load("@acme/common")).id).toBe("acme");
  });

  it("by its short name", async () => {
    installed("@glovebox/provider-short", { type: "module", main: "x.js" }, { "x.js": good });
    expect((await load("short")).id).toBe("acme");
  });

  it("in a directory, by its exports or its main, and as a file", async () => {
    put("by-exports/package.json", JSON.stringify({ name: "@acme/by-exports", exports: "./x.mjs" }));
    put("by-exports/x.mjs", good);
    put("by-main/package.json", JSON.stringify({ main: "x.mjs" }));
    put("by-main/x.mjs", good);
    for (const name of ["./by-exports", path("by-exports"), "./by-main", "./by-main/x.mjs"]) {
      expect((await load(name)).id).toBe("acme");
    }
  });

  it("and gets its settings", async () => {
    put("settings.mjs", good);
    const created = await loadProvider("./settings.mjs", { settings: { a: 1 }, resolveFrom: [], pathsFrom: root });
    expect(created).toMatchObject({ settings: { a: 1 } });
  });
});

describe("what cannot be used is one clear line", () => {
  const without = (name: string) => sandboxes.replace(`${name}() {}, `, "");
  const files: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ["no export", "export const other = 1;", /exports no provider/],
    ["an older contract", provider(sandboxes, "0"), /speaks version 0 of the provider contract, .* speaks 1/],
    ["a newer contract", provider(sandboxes, "2"), /speaks version 2 of the provider contract, .* speaks 1/],
    ["no version", provider(sandboxes, "undefined"), /exports a provider without specificationVersion$/],
    ["another kind", good.replace('"provider"', '"harness"'), /its kind is "harness"/],
    [
      "no create",
      "export const provider = { specificationVersion: 1, kind: 'provider' };",
      /without the method create/,
    ],
    ["a missing method", provider(without("connect")), /malformed: connect: is not a method/],
    ["no capabilities", provider(`{ ...${sandboxes}, capabilities: undefined }`), /malformed: capabilities/],
    ["an invalid mode", provider(sandboxes.replace('["none"]', '["some"]')), /capabilities.egress.modes.0/],
    ["a promise", provider(`Promise.reject(new Error("x"))`), /returns a promise/],
    ["nothing", provider("undefined"), /returned no object/],
    ["an old provider of its own", provider(`{ ...${sandboxes}, specificationVersion: 0 }`), /specificationVersion/],
    ["a throw at import", "throw new Error('no luck\\nat all');", /cannot be loaded: no luck$/],
    ["a throw of something else", "throw undefined;", /cannot be loaded/],
    ["a throw in create", provider("(() => { throw new Error('bad day'); })()"), /could not be created: bad day$/],
    ["a missing dependency", "import 'not-installed-anywhere';", /cannot be loaded: .*not-installed-anywhere/],
    ["a syntax error", "export const provider = {", /cannot be loaded/],
  ];

  it.each(files)("%s", async (what, text, message) => {
    const file = `${what.replaceAll(" ", "-")}.mjs`;
    put(file, text);
    const error = await load(`./${file}`).catch((caught: unknown) => caught);
    expect(error).toSatisfy(SandboxError.isInstance);
    const { code, message: reported, hint } = error as SandboxError;
    expect({ code, lines: reported.split("\n").length }).toEqual({ code: "invalid-options", lines: 1 });
    expect(reported).toMatch(message);
    expect(hint).toBeTruthy();
  });

  it.each([
    ["nowhere", /nowhere is not installed/],
    ["@acme/nowhere", /@acme\/nowhere is not installed/],
    ["Wrong Name", /is not the name of a provider/],
    ["@acme/x/../../y", /is not the name of a provider/],
    ["./nothing", /does not exist/],
    ["./empty", /holds no provider/],
  ])("%s", async (name, message) => {
    await expect(load(name)).rejects.toThrow(message);
  });

  it("a module that never ends loading", async () => {
    put("endless.mjs", "await new Promise(() => {});");
    const options = { resolveFrom: [root], pathsFrom: root, importMs: 1000 };
    await expect(loadProvider("./endless.mjs", options)).rejects.toThrow(
      /cannot be loaded: it was not loaded within 1 s$/,
    );
  });

  it("an error of the plugin's own passes as it is", async () => {
    const marked = `Object.assign(new Error("mine"), { [Symbol.for("glovebox.SandboxError")]: true, code: "invalid-options" })`;
    put("own-error.mjs", provider(`(() => { throw ${marked}; })()`));
    await expect(load("./own-error.mjs")).rejects.toThrow(/^mine$/);
  });
});

it("a path is no name: where none may be given it is refused, and nothing of it runs", async () => {
  put("evil.mjs", "globalThis.evil = true; export const provider = {};");
  for (const name of ["./evil.mjs", path("evil.mjs"), "../evil.mjs"]) {
    await expect(loadProvider(name, { resolveFrom: [root] })).rejects.toThrow(/is not the name of a provider/);
  }
  expect(globalThis).not.toHaveProperty("evil");
});

it("loads a harness in the same way", async () => {
  const created = `{ specificationVersion: 1, id: "acme", endpoints: [], credentials: [],
    template() {}, command() {}, parse() {}, outcome() {}, interrupt() {} }`;
  put(
    "harness.mjs",
    `export const harness = { specificationVersion: 1, kind: "harness", create: () => (${created}) };`,
  );
  put("half.mjs", `export const harness = { specificationVersion: 1, kind: "harness", create: () => ({ id: "x" }) };`);
  const options = { resolveFrom: [root], pathsFrom: root };
  expect((await loadHarness("./harness.mjs", options)).id).toBe("acme");
  await expect(loadHarness("./half.mjs", options)).rejects.toThrow(/The harness .\/half.mjs is malformed/);
});
