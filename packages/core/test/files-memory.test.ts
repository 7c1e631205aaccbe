import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const gibibyte = 1024 ** 3;
const child = join(import.meta.dirname, "files-memory-child.ts");

it("brings 1 GiB back with less than 200 MB of memory", async () => {
  const out = mkdtempSync(join(tmpdir(), "glovebox-memory-"));
  try {
    const run = promisify(execFile)(process.execPath, ["--conditions=@glovebox/source", child, out]);
    const { grownBytes, complete, sha256 } = JSON.parse((await run).stdout);
    expect(complete).toBe(true);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(out, "big")).size).toBe(gibibyte);
    expect(grownBytes).toBeLessThan(200 * 1024 * 1024);
  } finally {
    rmSync(out, { recursive: true });
  }
});
