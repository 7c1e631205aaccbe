import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError, SandboxLostError } from "@glovebox/core/provider";
import { expect, it, onTestFinished } from "vitest";

it("two copies of core know each other's errors", async () => {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-copy-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const core = fileURLToPath(new URL("../../core", import.meta.url));
  cpSync(join(core, "src/errors"), join(directory, "errors"), { recursive: true });
  symlinkSync(join(core, "node_modules"), join(directory, "node_modules"));
  const copy = (await import(
    /* @vite-ignore */ join(directory, "errors/index.ts")
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
