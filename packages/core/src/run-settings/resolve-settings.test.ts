import { describe, expect, it } from "vitest";
import { resolveSettings } from "./resolve-settings.ts";
import type { ProjectSettings, RunFlags, UserSettings } from "./setting-values.ts";

const resolve = (flags: RunFlags, user: UserSettings, project: ProjectSettings) =>
  resolveSettings({ flags, user, project });

describe("limits", () => {
  it("take the project's value only where it is lower", () => {
    const low = resolve({}, { memory: 2048 }, { memory: 1024, timeout: 60_000, maxTurns: 3 });
    expect(low).toEqual({ settings: { memory: 1024, timeout: 60_000, maxTurns: 3 }, warnings: [] });
    const high = resolve({}, { memory: 2048 }, { memory: 65_536, timeout: 7_200_000, cpus: 64 });
    expect(high.settings).toEqual({ memory: 2048 });
    expect(high.warnings).toHaveLength(3);
    expect(high.warnings).toContain("The project sets timeout to 2h, above your limit: 30m is used");
  });

  it("are the command line's before all", () => {
    const { settings, warnings } = resolve({ timeout: 7_200_000 }, { timeout: 60_000 }, { timeout: 1000 });
    expect(settings).toEqual({ timeout: 7_200_000 });
    expect(warnings).toEqual([]);
  });

  it("hold for the cost too: a project may bring it down, and never up", () => {
    expect(resolve({}, {}, { maxCost: 3 }).settings).toEqual({ maxCost: 3 });
    expect(resolve({}, { maxCost: 2 }, { maxCost: 3 }).settings).toEqual({ maxCost: 2 });
    expect(resolve({ maxCost: 5 }, { maxCost: 2 }, { maxCost: 1 }).settings).toEqual({ maxCost: 5 });
  });
});

it("lets a project choose a model in place of the user's, but not of a flag's", () => {
  expect(resolve({}, { model: "user" }, { model: "project" }).settings.model).toBe("project");
  expect(resolve({ model: "flag" }, { model: "user" }, { model: "project" }).settings.model).toBe("flag");
});

it("adds up what every source leaves out of the result", () => {
  const { settings } = resolve({ ignore: ["c"] }, { ignore: ["a"] }, { ignore: ["b"] });
  expect(settings.ignore).toEqual(["a", "b", "c"]);
});

it("takes the settings of a plugin from flags and the user's file", () => {
  const more = { runtime: { type: "text", group: "sandbox", help: "the runtime", user: true } } as const;
  const values = (flags: object, user: object) => resolveSettings({ flags, user, project: {}, more }).settings;
  expect(values({}, { runtime: "runsc" })).toEqual({ runtime: "runsc" });
  expect(values({ runtime: "kata" }, { runtime: "runsc" })).toEqual({ runtime: "kata" });
});
