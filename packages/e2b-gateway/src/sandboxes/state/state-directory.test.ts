import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { StateDirectory } from "./state-directory.ts";

const schema = z.object({ name: z.string() });
let path: string;

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "state-directory-")), "state");
});
afterEach(() => rm(join(path, ".."), { recursive: true }));

it("has one key for all who open it, readable by its owner alone", async () => {
  const [one, other] = await Promise.all([new StateDirectory(path).open(), new StateDirectory(path).open()]);
  expect(one).toHaveLength(32);
  expect(other.equals(one)).toBe(true);
  expect((await stat(join(path, "key"))).mode & 0o777).toBe(0o600);
  expect((await readdir(path)).filter((name) => name.startsWith(".key"))).toEqual([]);
});

it("keeps what was written last, whole", async () => {
  const directory = new StateDirectory(path);
  await directory.open();
  await Promise.all(["a", "b", "c"].map((name) => directory.write("sandboxes", "one", { name })));
  await directory.write("sandboxes", "two", { name: "two" });
  await writeFile(join(path, "sandboxes", "three.json"), '{"name":');
  await writeFile(join(path, "sandboxes", "one.json.123e4567-e89b-12d3-a456-426614174000.tmp"), "{");
  const unreadable: string[] = [];
  const records = await directory.read("sandboxes", schema, (file, id) => unreadable.push(file, id));
  expect(records.map(({ name }) => name).sort()).toEqual(["c", "two"]);
  expect(unreadable).toEqual([join(path, "sandboxes", "three.json"), "three"]);
  expect(await readdir(join(path, "sandboxes"))).not.toContain("one.json.123e4567-e89b-12d3-a456-426614174000.tmp");
  await Promise.all([directory.remove("sandboxes", "one"), directory.remove("sandboxes", "never")]);
  expect(await directory.read("sandboxes", schema, () => {})).toEqual([{ name: "two" }]);
});

it("says which directory it cannot use", async () => {
  await writeFile(path, "a file");
  await expect(new StateDirectory(path).open()).rejects.toThrow(`The gateway's directory ${path} cannot be used`);
});
