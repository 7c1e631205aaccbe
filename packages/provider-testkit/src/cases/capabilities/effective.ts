import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";

export const effective: ConformanceCase = {
  name: "capabilities/effective",
  title: "Reports effective capabilities that are consistent and at most what the provider claims",
  async run({ provider, capabilities }) {
    const { ready, findings, capabilities: again } = await provider.preflight();
    assert.equal(ready, true);
    assert.ok(findings.length > 0, "Preflight says nothing of what it looked at");
    for (const { name, message, status } of findings) {
      assert.match(name, /^[a-z0-9-]+$/, "A finding's name is stable and plain");
      assert.ok(message !== "" && !message.includes("\n"), `The finding ${name} is one line`);
      assert.notEqual(status, "problem", "It is ready although there is a problem");
    }
    assert.deepEqual(again, capabilities);
    assertWithin(capabilities, provider.capabilities, "");
  },
};

function assertWithin(effective: unknown, claimed: unknown, path: string): void {
  if (effective === true) assert.equal(claimed, true, `${path} is effective and not claimed`);
  else if (Array.isArray(effective)) {
    for (const value of effective) assert.ok((claimed as unknown[]).includes(value), `${path} ${value} is not claimed`);
  } else if (typeof effective === "object" && effective !== null) {
    for (const [name, value] of Object.entries(effective)) {
      assertWithin(value, (claimed as Record<string, unknown>)[name], `${path}.${name}`);
    }
  }
}
