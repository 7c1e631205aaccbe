import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createBatch } from "@glovebox/batch";
import { DirectoryLock } from "@glovebox/core/state";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Output } from "../output.ts";
import { stopBatch } from "./stop-batch.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-stop-batch-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

it("ends its wait for a batch whose process does nothing, and says what to do", async () => {
  const id = "20261130-000000-abcdef";
  createBatch(home, {
    v: 1,
    id,
    createdAt: new Date().toISOString(),
    source: "batch.yaml",
    directory: "/nowhere",
    outputDirectory: "/nowhere/out",
    concurrency: 1,
    providerConcurrency: {},
    failFast: false,
    retries: 0,
    options: {},
    rows: [
      {
        ...{ id: "r001", group: "r001", source: "batch.yaml:1", prompt: "Try", provider: "docker", harness: "x" },
        ...{ components: {}, limits: {}, network: { allow: [] }, env: [] },
      },
    ],
  });
  const lock = DirectoryLock.tryAcquire(join(home, "batches", id));
  const output = new Output(new Writable({ write: (_chunk, _encoding, done) => done() }), {});
  const terminal = { env: { GLOVEBOX_HOME: home }, cwd: "/", stdin: process.stdin, stdout: output, stderr: output };
  try {
    await expect(stopBatch(id, { silenceMs: 300 }, terminal)).rejects.toMatchObject({
      message: `The batch ${id} does not respond: its process is suspended or hangs`,
      hint: expect.stringContaining(`glovebox batch resume ${id}`),
    });
  } finally {
    lock?.release();
  }
});
