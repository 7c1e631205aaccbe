import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadProjectConfig } from "./project-config.ts";
import { loadUserConfig } from "./user-config.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-cli-config-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const project = (content: unknown) => {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(directory, "glovebox.config.json"), text);
  return loadProjectConfig(directory);
};
const user = (content: unknown) => {
  writeFileSync(join(directory, "config.json"), JSON.stringify(content));
  return loadUserConfig(directory);
};

describe("a project's file", () => {
  it("may be absent, and may say limits and small wishes", async () => {
    expect(await loadProjectConfig(directory)).toEqual({});
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

describe("the user's file", () => {
  it("warns of unknown keys and refuses wrong types", async () => {
    const { config, warnings } = await user({ cpus: 2, memmory: "4g", provider: "docker" });
    expect(config).toMatchObject({ cpus: 2, provider: "docker" });
    expect(warnings).toEqual([expect.stringContaining('"memmory"; did you mean "memory"?')]);
    await expect(user({ cpus: "2" })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining('"cpus"'),
    });
    await expect(user({ network: { mode: "seald" } })).rejects.toThrow('did you mean "sealed"?');
    await expect(user({ upstream: "file:///etc" })).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("may price models, and an invalid price is reported", async () => {
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
