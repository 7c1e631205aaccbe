import { expect, it } from "vitest";
import type { Harness } from "../../harness/harness.ts";
import { addedPlaces } from "./added-places.ts";

const harness = { id: "agent", addedDirectories: true } as Harness;

it("puts each directory beside the workspace, under its own name", () => {
  expect(addedPlaces({ harness, addedDirectories: ["/src/docs", "/src/my lib/"] })).toEqual([
    { source: "/src/docs", target: "/home/agent/reference/docs" },
    { source: "/src/my lib/", target: "/home/agent/reference/my lib" },
  ]);
  expect(addedPlaces({ harness })).toEqual([]);
});

it.each([
  ["two of one name", ["/a/docs", "/b/docs"], "have one name in the sandbox: /a/docs and /b/docs"],
  ["the same one twice", ["/a/docs", "/a/docs/"], "have one name"],
  ["the root", ["/"], "no name"],
  ["a name with control characters", ["/a/x\u001b[2Jy"], "no name that a sandbox can have"],
  ["a name with a line end", ["/a/x\ny"], "no name that a sandbox can have"],
  ["more than 16", Array.from({ length: 17 }, (_, at) => `/a/${at}`), "At most 16"],
])("refuses %s", (_, addedDirectories, message) => {
  expect(() => addedPlaces({ harness, addedDirectories })).toThrow(message);
});

it("refuses directories for a harness that would not know of them, by its name", () => {
  const other = { id: "small-agent" } as Harness;
  expect(() => addedPlaces({ harness: other, addedDirectories: ["/a"] })).toThrow("The harness small-agent takes no");
});
