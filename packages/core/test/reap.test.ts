import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxNotFoundError, SandboxUnavailableError } from "../src/errors/index.ts";
import { reap } from "../src/index.ts";
import { runLabel, type SandboxProvider } from "../src/provider/index.ts";
import { readResult } from "../src/run/state/run-record.ts";
import { LocalProvider } from "./local-provider.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-reap-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Lists one sandbox that has stopped; to connect to it fails. */
function providerOf(connectError: Error): SandboxProvider {
  const labels = { [runLabel]: "dead" };
  return {
    ...new LocalProvider().asProvider(),
    async *list() {
      yield { id: "s1", providerId: "local", state: "stopped", labels, createdAt: new Date(), rootInside: false };
    },
    connect: () => Promise.reject(connectError),
    destroy: () => Promise.resolve(),
  };
}

describe("a sandbox of a dead process", () => {
  it("that was removed after it was listed counts as removed, and its run ends", async () => {
    const provider = providerOf(new SandboxNotFoundError("There is no such sandbox", { providerId: "local" }));
    expect(await reap({ home, provider })).toEqual({ collected: [], removed: ["s1"], left: [] });
    expect(readResult(join(home, "runs", "dead"))).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
  });

  it("that cannot be reached is left, and the report says why", async () => {
    const provider = providerOf(new SandboxUnavailableError("Nobody answers", { providerId: "local" }));
    const { removed, left } = await reap({ home, provider });
    expect(removed).toEqual([]);
    expect(left).toEqual([{ sandboxId: "s1", runId: "dead", reason: "Nobody answers", failed: true }]);
  });
});
