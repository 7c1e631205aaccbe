import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hasCommits } from "../src/files/git/has-commits.ts";
import { FileTrip } from "./file-trip.ts";

let trip: FileTrip;

beforeEach(() => {
  trip = new FileTrip();
  trip.write({ "a.txt": "a" });
  trip.git("init", "-q", "-b", "main");
  trip.commitAll();
});
afterEach(() => {
  vi.unstubAllEnvs();
  trip.dispose();
});

it("finds the commits of a run, and of no other", async () => {
  trip.git("update-ref", "refs/glovebox/run-1/main", "HEAD");
  expect(await hasCommits(trip.project, "run-1")).toBe(true);
  expect(await hasCommits(trip.project, "run-2")).toBe(false);
  expect(await hasCommits(trip.base, "run-1")).toBe(false);
});

it("starts no git in a repository in which git would wait for ever", async () => {
  trip.git("update-ref", "refs/glovebox/run-1/main", "HEAD");
  execFileSync("mkfifo", [join(trip.project, ".git/packed-refs")]);
  const programs = join(trip.base, "programs");
  const started = join(trip.base, "started");
  mkdirSync(programs);
  writeFileSync(join(programs, "git"), `#!/bin/sh\ntouch ${started}\n`);
  chmodSync(join(programs, "git"), 0o755);
  vi.stubEnv("PATH", `${programs}:${process.env.PATH}`);
  expect(await hasCommits(trip.project, "run-1")).toBe(false);
  expect(existsSync(started)).toBe(false);
});
