import { expect, it } from "vitest";
import { assertPlaces, type ComponentPlaces } from "./component-places.ts";
import type { Harness } from "./harness.ts";

const withPlaces = (places?: ComponentPlaces) =>
  ({ id: "small", ...(places === undefined ? {} : { places }) }) as Harness;
const places: ComponentPlaces = {
  kinds: ["mcp", "skill"],
  instead: { command: "Write the prompt as a skill." },
  files: () => [],
};

it("accepts the kinds that the harness has a place for", () => {
  expect(() => assertPlaces(withPlaces(places), ["mcp", "skill", "mcp"])).not.toThrow();
  expect(() => assertPlaces(withPlaces(), [])).not.toThrow();
});

it("names every kind that has no place, the options to leave out, and what to do instead", () => {
  expect(() => assertPlaces(withPlaces(places), ["mcp", "hook", "command"])).toThrow(
    expect.objectContaining({
      code: "invalid-options",
      message: "The harness small has no place for hooks or slash commands",
      hint: "Leave --hook and --command out. Write the prompt as a skill.",
    }),
  );
  expect(() => assertPlaces(withPlaces(), ["mcp"])).toThrow("The harness small has no place for MCP servers");
});
