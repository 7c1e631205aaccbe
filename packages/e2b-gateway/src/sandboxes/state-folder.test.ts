import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { StateFolder } from "./state-folder.ts";

const schema = z.object({ name: z.string() });
let path: string;

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "state-folder-")), "state");
});
afterEach(() => rm(join(path, ".."), { recursive: true }));

it("has one key for all who open it, readable by its owner alone", async () => {
  const [one, other] = await Promise.all([new StateFolder(path).open(), new StateFolder(path).open()]);
  expect(one).toHaveLength(32);
  expect(other.equals(one)).toBe(true);
  expect((await stat(join(path, "key"))).mode & 0o777).toBe(0o600);
  expect((await readdir(path)).filter((name) => name.startsWith(".key"))).toEqual([]);
});

it("keeps what was written last, whole", async () => {
  const folder = new StateFolder(path);
  await folder.open();
  await Promise.all(["a", "b", "c"].map((name) => folder.write("sandboxes", "one", { name })));
  await folder.write("sandboxes", "two", { name: "two" });
  await writeFile(join(path, "sandboxes", "three.json"), '{"name":');
  await writeFile(join(path, "sandboxes", "one.json.x.partial"), "{");
  const unreadable: string[] = [];
  const records = await folder.read("sandboxes", schema, (file) => unreadable.push(file));
  expect(records.map(({ name }) => name).sort()).toEqual(["c", "two"]);
  expect(unreadable).toEqual([join(path, "sandboxes", "three.json")]);
  expect(await readdir(join(path, "sandboxes"))).not.toContain("one.json.x.partial");
  await Promise.all([folder.remove("sandboxes", "one"), folder.remove("sandboxes", "never")]);
  expect(await folder.read("sandboxes", schema, () => {})).toEqual([{ name: "two" }]);
});

it("says which folder it cannot use", async () => {
  await writeFile(path, "a file");
  await expect(new StateFolder(path).open()).rejects.toThrow(`The gateway's folder ${path} cannot be used`);
});
