import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveLimits } from "./limits.ts";
import { loadProjectConfig } from "./project-config.ts";
import { loadUserConfig } from "./user-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glovebox-cli-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const project = (content: unknown) => {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, "glovebox.config.json"), text);
  return loadProjectConfig(folder);
};
const user = (content: unknown) => {
  writeFileSync(join(folder, "config.json"), JSON.stringify(content));
  return loadUserConfig(folder);
};

describe("a project's file", () => {
  it("may be absent, and may say limits and small wishes", async () => {
    expect(await loadProjectConfig(folder)).toEqual({});
    expect(await project({ timeout: "10m", memory: "1g", model: "haiku", ignore: ["out"] })).toEqual({
      timeout: 600_000,
      memory: 1024,
      model: "haiku",
      ignore: ["out"],
    });
  });

  it.each([
    "network",
    "mounts",
    "mount",
    "env",
    "envFile",
    "provider",
    "providers",
    "upstream",
    "dockerHost",
    "image",
    "dockerfile",
    "runtime",
    "rootInside",
    "allowedTools",
    "appendSystemPrompt",
    "labels",
  ])("may not set %s, and the error names it and where it belongs", async (key) => {
    await expect(project({ [key]: "x" })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining(`"${key}"`),
      hint: expect.stringContaining("command line"),
    });
  });

  it("gets a suggestion for a misspelt key, and no key of an object's own is one", async () => {
    await expect(project({ timout: "1m" })).rejects.toMatchObject({ hint: 'Did you mean "timeout"?' });
    await expect(project('{"constructor": 1}')).rejects.toMatchObject({ code: "invalid-options" });
    await expect(project('{"__proto__": {"image": "x"}}')).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("cannot take back what is left out, or be of another form", async () => {
    await expect(project({ ignore: ["!node_modules"] })).rejects.toThrow("ignore.0");
    await expect(project({ timeout: 5 })).rejects.toThrow('"timeout"');
    await expect(project({ timeout: "5" })).rejects.toThrow("with its unit");
    await expect(project("[]")).rejects.toMatchObject({ code: "invalid-options" });
    await expect(project("{")).rejects.toThrow("not valid JSON");
  });
});

describe("the person's file", () => {
  it("warns of unknown keys and refuses wrong types", async () => {
    const { config, warnings } = await user({ cpus: 2, memmory: "4g", provider: "docker" });
    expect(config).toMatchObject({ cpus: 2, provider: "docker" });
    expect(warnings).toEqual([expect.stringContaining('"memmory"; did you mean "memory"?')]);
    await expect(user({ cpus: "2" })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining('"cpus"'),
    });
    await expect(user({ upstream: "file:///etc" })).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("may price models, and is told of a price that cannot be understood", async () => {
    const price = { modelPrefix: "claude-own", inputUsd: 1, outputUsd: 5, cacheReadUsd: 0.1, cacheWriteUsd: 1.25 };
    const prices = { asOf: "2026-11-20", models: [price, { ...price, speed: "fast", webSearchUsd: 0.02 }] };
    expect((await user({ prices })).config.prices).toEqual(prices);
    await expect(user({ prices: { ...prices, asOf: "today" } })).rejects.toThrow('"prices.asOf"');
    await expect(user({ prices: { ...prices, models: [{ ...price, inputUSD: 2 }] } })).rejects.toThrow(
      "prices.models.0",
    );
    await expect(user({ prices: { ...prices, models: [{ ...price, inputUsd: -2 }] } })).rejects.toThrow("inputUsd");
    await expect(project({ prices })).rejects.toThrow("must not widen");
  });
});

describe("limits", () => {
  it("take the project's value only where it is lower", () => {
    const low = resolveLimits({}, { memory: 2048 }, { memory: 1024, timeout: 60_000, maxTurns: 3 });
    expect(low).toEqual({ limits: { memory: 1024, timeout: 60_000, maxTurns: 3 }, warnings: [] });
    const high = resolveLimits({}, { memory: 2048 }, { memory: 65_536, timeout: 7_200_000, cpus: 64 });
    expect(high.limits).toEqual({ memory: 2048 });
    expect(high.warnings).toHaveLength(3);
  });

  it("are the command line's before all", () => {
    const { limits, warnings } = resolveLimits({ timeout: 7_200_000 }, { timeout: 60_000 }, { timeout: 1000 });
    expect(limits).toEqual({ timeout: 7_200_000 });
    expect(warnings).toEqual([]);
  });

  it("hold for the cost too: a project may bring it down, and never up", () => {
    expect(resolveLimits({}, {}, { maxCostUsd: 3 }).limits).toEqual({ maxCostUsd: 3 });
    expect(resolveLimits({}, { maxCostUsd: 2 }, { maxCostUsd: 3 }).limits).toEqual({ maxCostUsd: 2 });
    expect(resolveLimits({ maxCost: 5 }, { maxCostUsd: 2 }, { maxCostUsd: 1 }).limits).toEqual({ maxCostUsd: 5 });
  });
});
