import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { Output } from "../src/output.ts";
import { runCli } from "../src/run-cli.ts";

const root = mkdtempSync(join(tmpdir(), "glovebox-silent-"));
const realInterval = setInterval;
let clock: NodeJS.Timeout | undefined;

afterEach(() => {
  clearInterval(clock);
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

/** A provider of somebody else's, which begins to look and never answers. */
const source = `
const never = () => new Promise(() => {});
const no = (...names) => Object.fromEntries(names.map((name) => [name, false]));
export const provider = {
  specificationVersion: 1,
  kind: "provider",
  create: () => ({
    specificationVersion: 1,
    id: "silent",
    capabilities: {
      templates: no("image", "dockerfile"),
      resources: no("cpus", "memoryMiB", "pids", "diskMiB", "openFiles", "tmpMiB", "shmMiB"),
      egress: { modes: ["none"], ...no("hosts", "ports", "credentials", "paths", "audit", "metering") },
      ...no("mounts", "rootInside", "wake", "stats", "pty", "endpoint", "pause", "snapshot", "watch"),
      maxTtlMs: 1000000,
    },
    preflight: () => (globalThis.onSilence(), never()),
    prepare: never, create: never, connect: never, list: async function* () { await never(); }, destroy: never,
  }),
};
`;

it("doctor says that a provider does not answer, and ends", async () => {
  const module = join(root, "provider.mjs");
  writeFileSync(module, source);
  const stream = new PassThrough();
  const output = new Output(stream, {});
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  Object.assign(globalThis, {
    onSilence: () => {
      clock = realInterval(() => void vi.advanceTimersByTimeAsync(1000), 5);
    },
  });
  const code = await runCli(["doctor", "--provider", module], {
    env: { GLOVEBOX_HOME: join(root, "home") },
    cwd: root,
    stdin: process.stdin,
    stdout: output,
    stderr: output,
  });
  expect(code).toBe(3);
  expect(String(stream.read())).toContain("No answer within 120 s while looking at the provider");
});
