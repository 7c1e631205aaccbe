import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadRunHarness } from "./plugins.ts";

let home: string;

/** A package whose harness has its settings as its id. */
function install(name: string, manifest: object): void {
  const directory = join(home, "packages/node_modules", name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name, type: "module", main: "x.js", ...manifest }));
  const harness = `{ specificationVersion: 1, id: Object.values(settings).join("-") || "own", endpoints: [], credentials: [],
    template() {}, command() {}, parse() {}, outcome() {}, interrupt() {} }`;
  writeFileSync(
    join(directory, "x.js"),
    `export const harness = { specificationVersion: 1, kind: "harness", create: (settings) => (${harness}) };`,
  );
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-offered-"));
  const harnesses = { "first-one": { profile: "one" }, second: { profile: "two" } };
  install("@glovebox/harness-many", { glovebox: { harnesses } });
  install("@glovebox/harness-second", {});
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const load = (harness: string, harnesses = {}) =>
  loadRunHarness({ options: { harness }, user: { harnesses }, home, directory: home });

it("loads a harness from a package that lists its name, with that package's settings and its own", async () => {
  expect((await load("first-one")).id).toBe("one");
  const own = { many: { a: "shared" }, "first-one": { b: "own" } };
  expect((await load("first-one", own)).id).toBe("shared-one-own");
});

it("prefers a package of the harness's own", async () => {
  expect((await load("second")).id).toBe("own");
});

it("names the harness that was asked for when no package has it", async () => {
  await expect(load("third")).rejects.toThrow("The harness third is not installed");
});

it("finds what a name with a star stands for, of which the rest is the setting", async () => {
  install("@glovebox/harness-starred", { glovebox: { harnesses: { "any-*": { profile: "*", kind: "x" } } } });
  expect((await load("any-one-two")).id).toBe("one-two-x");
  await expect(load("any-")).rejects.toThrow("is not installed");
  // A name that another package lists is that package's, whichever comes first.
  install("@glovebox/harness-zebra", { glovebox: { harnesses: { "any-one": { profile: "listed" } } } });
  install("@glovebox/harness-wide", { glovebox: { harnesses: { "wide*": { profile: "*" } } } });
  expect((await load("any-one")).id).toBe("listed");
  await expect(load("wider")).rejects.toThrow("is not installed");
});
