import { describe, expect, it } from "vitest";
import { componentKinds } from "../src/index.ts";
import { largeCatalog, largeCounts } from "./large-catalog.ts";
import { OpenSample } from "./open-sample.ts";

describe("a catalog as large as the default one", () => {
  it("opens beside a marketplace.json that lists agents and no plugins", async () => {
    await using sample = await OpenSample.create(largeCatalog());
    const entries = sample.catalogs.flatMap((catalog) => catalog.entries);
    const counts = Object.fromEntries(componentKinds.map((kind) => [kind, 0]));
    for (const { kind } of entries) counts[kind] = (counts[kind] ?? 0) + 1;
    expect(counts).toEqual({ ...largeCounts, hook: largeCounts.hook + 1, plugin: 0 });
  });

  it("is read by its directories, whatever manifest lies beside them", async () => {
    const catalog = {
      "agents/team/one.md": "---\nname: one\ndescription: d\n---\nbody\n",
      "settings/model/fast.json": '{"model":"haiku"}',
    };
    const manifests = [
      "{",
      "[]",
      "null",
      '{"plugins":{}}',
      '{"plugins":[]}',
      '{"plugins":[{"name":"p","source":"./"}]}',
    ];
    for (const text of manifests) {
      await using sample = await OpenSample.create({ ...catalog, ".claude-plugin/marketplace.json": text });
      expect(
        sample.catalogs[0]?.entries.map(({ name }) => name),
        text,
      ).toEqual(["team/one", "model/fast"]);
    }
    await using plugin = await OpenSample.create({ ...catalog, ".claude-plugin/plugin.json": "[1]" });
    expect(plugin.catalogs[0]?.entries.map(({ name }) => name)).toEqual(["team/one", "model/fast"]);
  });

  it("lists the plugins of a marketplace beside its own directories", async () => {
    await using sample = await OpenSample.create({
      "mcps/web/fetch.json": '{"mcpServers":{"fetch":{"command":"fetch"}}}',
      ".claude-plugin/marketplace.json": JSON.stringify({ plugins: [{ name: "apart", source: "./plugins/apart" }] }),
      "plugins/apart/commands/go.md": "Go\n",
    });
    expect(sample.catalogs[0]?.entries.map(({ name }) => name)).toEqual(["apart/go", "web/fetch", "apart"]);
  });
});
