import { expect, it } from "vitest";
import { formatReference, readReference } from "./template-reference.ts";

it.each([
  { image: "registry.example:5000/a@sha256:1" },
  { image: "a@sha256:1", tools: "b@sha256:2" },
  { image: "a@sha256:1", snapshot: "glovebox-1.agents" },
  { image: "a@sha256:1", tools: "b@sha256:2", snapshot: "glovebox-1.agents" },
])("a reference holds %j", (parts) => {
  expect(readReference(formatReference(parts))).toEqual(parts);
});
