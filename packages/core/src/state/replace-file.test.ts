import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { readStateFile } from "./read-state-file.ts";
import { replaceFile, replaceFileSync } from "./replace-file.ts";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-state-"));
  file = join(directory, "state.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

describe.each([
  ["replaceFileSync", async (content: string) => replaceFileSync(file, content)],
  ["replaceFile", (content: string) => replaceFile(file, content)],
])("%s", (_, replace) => {
  it("writes the whole content, which only the owner may read, and leaves nothing beside it", async () => {
    writeFileSync(file, "old", { mode: 0o644 });
    await replace("new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["state.json"]);
  });

  it("keeps the old content and nothing beside it where the new one cannot take its place", async () => {
    mkdirSync(join(file, "in-the-way"), { recursive: true });
    await expect(replace("new")).rejects.toThrow();
    expect(readdirSync(directory)).toEqual(["state.json"]);
    expect(readdirSync(file)).toEqual(["in-the-way"]);
  });
});

describe("readStateFile", () => {
  const schema = z.object({ name: z.string() });

  it.each([
    ["", "it is empty"],
    [" \n", "it is empty"],
    ['{"name":', "it is not whole JSON"],
    ["\u0000\u0000", "it is not whole JSON"],
    ["[]", "its content: Invalid input: expected object, received array"],
    ["null", "its content: Invalid input: expected object, received null"],
    ['{"name":7}', "name: Invalid input: expected string, received number"],
  ])("names the file and what is wrong with %j", (content, why) => {
    writeFileSync(file, content);
    expect(() => readStateFile(file, schema)).toThrow(`${file} cannot be read: ${why}`);
  });

  it("refuses a directory in the file's place, and takes none for absent", () => {
    expect(readStateFile(file, schema)).toBeUndefined();
    mkdirSync(file);
    expect(() => readStateFile(file, schema)).toThrow(`${file} cannot be read: it is a directory, not a file`);
  });
});
