import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError, SandboxLostError } from "@glovebox/core/provider";
import { expect, it, onTestFinished } from "vitest";

it("two copies of core know each other's errors", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glovebox-copy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const source = new URL("../../core/src/errors", import.meta.url);
  cpSync(fileURLToPath(source), join(folder, "errors"), { recursive: true });
  const copy = (await import(
    /* @vite-ignore */ join(folder, "errors/index.ts")
  )) as typeof import("@glovebox/core/provider");
  expect(copy.SandboxLostError).not.toBe(SandboxLostError);
  const theirs = new copy.SandboxLostError("broke");
  expect(theirs).not.toBeInstanceOf(SandboxError);
  expect([SandboxError.isInstance(theirs), copy.SandboxError.isInstance(new SandboxLostError("broke"))]).toEqual([
    true,
    true,
  ]);
  for (const other of [new Error("broke"), null, undefined, "lost", { code: "lost" }]) {
    expect(SandboxError.isInstance(other)).toBe(false);
  }
});
