import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readOwner } from "../src/run/state/owner.ts";

const racer = fileURLToPath(new URL("./owner-racer.ts", import.meta.url));
let root: string;
let home: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-owner-"));
  home = join(root, "home");
});
afterEach(() => rmSync(root, { recursive: true }));

async function readAtOnce(count: number): Promise<Set<string>> {
  const args = ["--conditions=@glovebox/source", racer, home, String(Date.now() + 1500)];
  const readers = Array.from({ length: count }, () => promisify(execFile)(process.execPath, args));
  return new Set((await Promise.all(readers)).map(({ stdout }) => stdout.trim()));
}

it("is the same for all who use a new state directory at once", async () => {
  const owners = await readAtOnce(6);
  expect([...owners]).toEqual([readFileSync(join(home, "owner"), "utf8").trim()]);
  expect(readdirSync(home)).toEqual(["owner"]);
});

it("is the same for all who find the empty file that a full disk has left", async () => {
  mkdirSync(home);
  writeFileSync(join(home, "owner"), "");
  const owners = await readAtOnce(6);
  expect([...owners]).toEqual([readFileSync(join(home, "owner"), "utf8").trim()]);
  expect(readOwner(home)).toMatch(/^[0-9a-f-]{36}$/);
});

it("names the file that holds something else, and what to do about it", () => {
  mkdirSync(home);
  writeFileSync(join(home, "owner"), "Me\n");
  const error = expect.objectContaining({
    code: "invalid-options",
    message: `${join(home, "owner")} does not hold an owner's id`,
    hint: expect.stringContaining("Remove the file"),
  });
  expect(() => readOwner(home)).toThrow(error);
});

it("names the directory that cannot be used, and why", () => {
  writeFileSync(home, "a file");
  expect(() => readOwner(home)).toThrow(
    expect.objectContaining({
      message: `The directory ${home} cannot be made: ${home} is not a directory`,
      hint: expect.any(String),
    }),
  );
});
