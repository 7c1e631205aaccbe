import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { afterAll, expect, it } from "vitest";
import { readJsonSchema } from "./read-json-schema.ts";

const directory = mkdtempSync(join(tmpdir(), "glovebox-schema-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it("reads a schema from a file of the current directory", async () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  writeFileSync(join(directory, "good.json"), JSON.stringify(schema, null, 2));
  expect(await readJsonSchema("good.json", directory)).toEqual(schema);
  expect(await readJsonSchema(undefined, directory)).toBeUndefined();
});

it.each([
  ["is not JSON", "{ type: object }", "is not JSON"],
  ["is empty", "", "is not JSON"],
  ["is a list", "[]", "holds no JSON object"],
  ["is null", "null", "holds no JSON object"],
  ["is no schema", '{"type":"object","required":"title"}', "no valid JSON Schema"],
  ["is larger than 256 KiB", " ".repeat(256 * 1024 + 1), "larger than 262144 bytes"],
])("refuses a file that %s", async (_, content, message) => {
  writeFileSync(join(directory, "bad.json"), content);
  const read = readJsonSchema("bad.json", directory);
  await expect(read).rejects.toThrow(InvalidOptionsError);
  await expect(read).rejects.toThrow(message);
});

it("refuses a file that is not there, a directory, and a schema in the place of a file", async () => {
  await expect(readJsonSchema("none.json", directory)).rejects.toThrow("none.json does not exist");
  await expect(readJsonSchema(".", directory)).rejects.toThrow("directory");
  await expect(readJsonSchema('{"type":"object"}', directory)).rejects.toThrow("takes the name of a file");
});
