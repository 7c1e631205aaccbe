import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBubblewrapProvider } from "../src/index.ts";

it("what a dead process had begun is removed by the next, and what is being made is not", async ({ skip }) => {
  const stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
  try {
    const provider = createBubblewrapProvider({ stateDir });
    const { ready } = await provider.preflight();
    if (!ready && !process.env.CI) skip("bubblewrap is not ready here");
    const yesterday = new Date(Date.now() - 24 * 3_600_000);
    for (const kind of ["sandboxes", "templates"]) {
      for (const name of [".new-old", ".new-young"])
        mkdirSync(join(stateDir, kind, name, "home/deep"), { recursive: true });
      utimesSync(join(stateDir, kind, ".new-old"), yesterday, yesterday);
    }
    await provider.prepare({ base: { kind: "default" }, layers: [] });
    expect(readdirSync(join(stateDir, "sandboxes"))).toEqual([".new-young"]);
    expect(readdirSync(join(stateDir, "templates"))).toEqual([".new-young", expect.stringMatching(/^[0-9a-f]{32}$/)]);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
