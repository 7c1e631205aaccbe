import assert from "node:assert/strict";
import { join } from "node:path";
import { type Run, run } from "@glovebox/core";
import { type SandboxProvider, Secret } from "@glovebox/core/provider";
import { stayingHarness } from "./staying-harness.ts";

export interface StayingRun {
  readonly run: Run;
  readonly sandboxId: string;
}

/** Starts a run and resolves when its harness has said its word. */
export async function startStayingRun(provider: SandboxProvider, home: string): Promise<StayingRun> {
  const started = run({
    provider,
    harness: stayingHarness,
    task: { prompt: "Stay." },
    credential: { variable: "TESTKIT_KEY", secret: new Secret("TESTKIT_KEY", "testkit-value") },
    outputDirectory: join(home, "output"),
    home,
  });
  let sandboxId: string | undefined;
  for await (const event of started) {
    if (event.type === "sandbox.created") sandboxId = event.sandboxId;
    if (event.type === "harness.raw" && event.line === "staying") break;
    assert.notEqual(event.type, "run.end", `The run ended: ${JSON.stringify(event)}`);
  }
  assert.ok(sandboxId !== undefined, "The run has no sandbox");
  return { run: started, sandboxId };
}
