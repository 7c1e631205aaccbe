import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listCatalogs, searchCatalogs, showComponent } from "../src/index.ts";
import { OpenSample } from "./open-sample.ts";

let sample: OpenSample;
beforeAll(async () => {
  sample = await OpenSample.create();
});
afterAll(() => sample[Symbol.asyncDispose]());

const first = async (query: string, options = {}): Promise<string | undefined> =>
  (await searchCatalogs(sample.catalogs, query, options))[0]?.entry.name;

describe("searching", () => {
  it.each([
    ["frontend", "development-team/frontend-developer"],
    ["fronted develper", "development-team/frontend-developer"],
    ["user interfaces", "development-team/frontend-developer"],
    ["postgres", "database/postgres"],
    ["übersetzer", "unicode/übersetzer"],
    ["pdf", "documents/pdf"],
  ])("for %j finds %s first", async (query, name) => {
    expect(await first(query)).toBe(name);
  });

  it("keeps to kinds and limits, and finds nothing for nothing", async () => {
    expect(await first("review", { kinds: ["command"] })).toMatch(/pr-review$/);
    expect(await searchCatalogs(sample.catalogs, "reviewer", { limit: 2 })).toHaveLength(2);
    expect(await searchCatalogs(sample.catalogs, "zzzzqqqq")).toEqual([]);
    expect(await searchCatalogs(sample.catalogs, "")).toEqual([]);
  });
});

describe("listing and showing", () => {
  it("lists by kind, with what is refused and why", () => {
    const skills = listCatalogs(sample.catalogs, ["skill"]);
    expect(skills.map(({ source, entry }) => [source, entry.name, entry.problem === undefined])).toEqual([
      ["sample", "broken/huge", false],
      ["sample", "documents/pdf", true],
      ["sample", "letters/capitals", true],
      ["sample", "letters/lower", true],
      ["sample", "plain", true],
      ["sample", "sloppy", true],
    ]);
  });

  it("shows what a component asks for, from where it comes and at which hash", async () => {
    const options = { cwd: "/", context: { cacheDir: sample.cache.path } };
    const plan = await showComponent({ kind: "mcp", name: "postgres" }, [], options).catch((error: unknown) => error);
    expect(plan).toMatchObject({ code: "not-found" });
    const shown = await showComponent({ kind: "mcp", name: "database/postgres" }, sample.catalogs, options);
    expect(shown.components).toMatchObject([
      {
        kind: "mcp",
        name: "database/postgres",
        source: sample.directory.path,
        revision: expect.stringMatching(/^sha256:/),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        description: "Queries Postgres",
      },
    ]);
  });
});
