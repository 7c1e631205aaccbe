import { expect, it } from "vitest";
import { environmentLayers, mergeEnvironment } from "./merge-environment.ts";

it("gives each layer priority over those before it, in whatever order they are passed", () => {
  const layers = Object.fromEntries(
    [...environmentLayers]
      .reverse()
      .map((layer, index, all) => [layer, Object.fromEntries(all.slice(index).map((name) => [name, layer]))]),
  );
  expect(mergeEnvironment(layers)).toEqual(
    Object.fromEntries(environmentLayers.map((layer) => [layer, environmentLayers.at(-1)])),
  );
  expect(mergeEnvironment({ flags: { A: "flag" }, user: { A: "user", B: "user" } })).toEqual({ A: "flag", B: "user" });
});
