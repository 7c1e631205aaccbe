import { describe, expect, it } from "vitest";
import { formatSandboxId, parseSandboxId } from "./sandbox-id.ts";

describe("the id of a sandbox", () => {
  it("names its pod and its namespace", () => {
    const address = { name: "glovebox-1", namespace: "agents" };
    expect(parseSandboxId(formatSandboxId(address))).toEqual(address);
  });

  it.each([
    "",
    "glovebox-1",
    ".agents",
    "glovebox-1.",
    "glovebox-1.agents\n",
    "a.b.c",
    "Glovebox-1.agents",
    "../x.agents",
    "a/b.agents",
    "a?b.agents",
    "-a.agents",
    `${"a".repeat(64)}.agents`,
    `a.${"b".repeat(64)}`,
  ])("is nothing else: %j", (id) => {
    expect(parseSandboxId(id)).toBeUndefined();
  });
});
