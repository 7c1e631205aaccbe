import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDiff, PathSelection } from "../src/index.ts";
import { FileTrip } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(() => {
  trip = new FileTrip();
});
afterEach(() => trip.dispose());

async function changes(only: readonly string[] = []) {
  const { files } = await trip.collect();
  return await openDiff({
    result: trip.result(files),
    runDirectory: trip.runDirectory,
    selection: new PathSelection({ only }),
  });
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk.toString("utf8");
  return text;
}

it("a run's changes are those of the run, whatever the project and the output have become since", async () => {
  trip.write({ edit: "one\ntwo\n", gone: "g\n", same: "s", "pic.bin": Buffer.from([0, 1, 2]) });
  await trip.upload();
  trip.writeInside({ edit: "one\nthree\n", "new/file": "n\n", "pic.bin": Buffer.from([0, 9]) });
  rmSync(join(trip.sandbox.workspace, "gone"));
  const diff = await changes();
  trip.write({ edit: "later\n" });
  rmSync(trip.out, { recursive: true });
  expect(diff.entries.map(({ path, change }) => [path, change])).toEqual([
    ["edit", "changed"],
    ["gone", "deleted"],
    ["new/file", "created"],
    ["pic.bin", "changed"],
  ]);
  expect(Object.fromEntries(await diff.lines())).toEqual({
    edit: { added: 1, deleted: 1, isBinary: false },
    gone: { added: 0, deleted: 1, isBinary: false },
    "new/file": { added: 1, deleted: 0, isBinary: false },
    "pic.bin": { isBinary: true },
  });
  const text = await textOf(diff.text());
  expect(text).toContain("-two\n+three\n");
  expect(text).toContain("Binary files a/pic.bin and b/pic.bin differ");
  expect(await textOf(diff.words())).toContain("-two\n+three\n");
});

it("the patch of a selection is what git takes, and a path where nothing changed is named", async () => {
  trip.write({ "a.txt": "1\n", "sub/b.bin": Buffer.from([0, 1]) });
  trip.git("init", "-q");
  await trip.upload();
  trip.writeInside({ "a.txt": "2\n", "sub/b.bin": Buffer.from([0, 2]), "sub/[c] ü": "c\n" });
  const patch = await textOf((await changes(["sub"])).patch());
  execFileSync("git", ["apply"], { cwd: trip.project, input: patch });
  expect(readFileSync(join(trip.project, "sub/b.bin"))).toEqual(Buffer.from([0, 2]));
  expect(readFileSync(join(trip.project, "sub/[c] ü"), "utf8")).toBe("c\n");
  expect(readFileSync(join(trip.project, "a.txt"), "utf8")).toBe("1\n");
  expect((await changes(["sub/[c]*"])).entries).toHaveLength(1);
  expect(await textOf((await changes(["sub/[c]*"])).text())).toContain("+c\n");
  await expect(changes(["sub", "other"])).rejects.toMatchObject({ code: "invalid-options", message: /other/ });
});

it("a run that changed nothing has no changes to show", async () => {
  trip.write({ same: "s" });
  await trip.upload();
  const diff = await changes();
  expect(diff.entries).toEqual([]);
  expect(await textOf(diff.patch())).toBe("");
});
