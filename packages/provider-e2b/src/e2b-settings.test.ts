import { SandboxError } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createE2bProvider, provider } from "./index.ts";

describe("the settings", () => {
  it("are rejected with the name of the wrong one and without its value", () => {
    const wrong = [
      { apiKey: 1 },
      { apiKye: "e2b_secret" },
      { apiUrl: "not a url" },
      { apiKey: "e2b_secret", proxy: "x" },
    ];
    for (const settings of wrong) {
      const error = thrown(() => provider.create(settings as Record<string, unknown>));
      expect(error.code).toBe("invalid-options");
      expect(`${error.message} ${error.hint}`).not.toContain("e2b_secret");
    }
    expect(thrown(() => provider.create({ apiKye: "x" })).message).toContain("apiKye");
  });

  it("are optional: without a key, preflight returns a hint", async () => {
    const { E2B_API_KEY: kept } = process.env;
    delete process.env.E2B_API_KEY;
    try {
      const { ready, findings } = await createE2bProvider().preflight();
      expect(ready).toBe(false);
      expect(findings).toMatchObject([
        { name: "key", status: "problem", hint: expect.stringContaining("E2B_API_KEY") },
      ]);
    } finally {
      if (kept !== undefined) process.env.E2B_API_KEY = kept;
    }
  });
});

function thrown(work: () => unknown): SandboxError {
  try {
    work();
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
  }
  throw new Error("It did not throw a SandboxError");
}
