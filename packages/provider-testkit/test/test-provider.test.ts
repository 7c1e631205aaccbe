import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { conformanceCases } from "../src/index.ts";

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const directory = fileURLToPath(new URL("./not-ready", import.meta.url));
const outcomeSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
});

function runVitest(env: Readonly<Record<string, string>>) {
  const output = mkdtempSync(join(tmpdir(), "glovebox-vitest-"));
  onTestFinished(() => rmSync(output, { recursive: true }));
  const file = join(output, "outcome.json");
  const { CI: _, ...own } = process.env;
  const args = [
    vitest,
    "run",
    "--root",
    directory,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: { ...own, ...env }, encoding: "utf8" });
  const isSaid = `${stdout}${stderr}`.includes("Nothing was certified: engine: ");
  return { status, isSaid, outcome: outcomeSchema.parse(JSON.parse(readFileSync(file, "utf8"))) };
}

it("passes nothing where the provider is not ready, and fails in CI", () => {
  const here = runVitest({});
  const skipped = conformanceCases.length;
  expect(here.outcome).toEqual({ numPassedTests: 0, numFailedTests: 0, numPendingTests: skipped });
  const inCi = runVitest({ CI: "true" });
  expect(inCi.status).toBe(1);
  expect(inCi.outcome.numPassedTests).toBe(0);
  expect([here.isSaid, inCi.isSaid]).toEqual([true, true]);
});
