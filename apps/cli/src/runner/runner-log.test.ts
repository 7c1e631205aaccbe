import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runRedactor } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { RunnerLog } from "./runner-log.ts";

const secret = new Secret("MY_TOKEN", "a-token-that-nobody-may-read");

function logged(write: (log: RunnerLog, open: () => void) => void): string {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-log-"));
  try {
    const log = new RunnerLog();
    write(log, () => log.open(directory, runRedactor({ credential: { variable: secret.name, secret } })));
    return readFileSync(join(directory, "runner.log"), "utf8");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

it("keeps what is written before the run's directory exists, and masks secrets in it", () => {
  const text = logged((log, open) => {
    log.write(`before ${secret.reveal()}\n`);
    open();
    log.write(`after ${secret.reveal()}\n`);
  });
  expect(text).toBe("before [MY_TOKEN]\nafter [MY_TOKEN]\n");
});

it("stays below its limit, and says that it is full", () => {
  const text = logged((log, open) => {
    open();
    for (let line = 0; line < 10_000; line += 1) log.write(`${"x".repeat(100)}\n`);
  });
  expect(text.length).toBeLessThanOrEqual(256 * 1024);
  expect(text).toMatch(/The rest is left out: the log is full\.\n$/);
});
