import { expect, it } from "vitest";
import { editDistance } from "./edit-distance.ts";

it.each([
  ["", "", 0],
  ["", "abc", 3],
  ["dokcer", "docker", 2],
  ["kitten", "sitting", 3],
  ["logs", "logs", 0],
])("counts the changes from %j to %j", (a, b, changes) => {
  expect(editDistance(a, b)).toBe(changes);
  expect(editDistance(b, a)).toBe(changes);
});
