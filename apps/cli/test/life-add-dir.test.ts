import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

it("gives the agent a copy of further directories, and brings nothing of them back", async () => {
  const list = "cd ~/reference/library && find . -mindepth 1 | sort && cat guide.md && cat ~/reference/notes/a.txt";
  await using stage = await setStage({
    turns: [
      bash(list),
      bash("echo changed > ~/reference/library/guide.md && cp ~/reference/notes/a.txt /workspace"),
      say("Done."),
    ],
  });
  const [library, notes] = [join(stage.directory, "library"), join(stage.directory, "notes")];
  mkdirSync(join(library, "empty"), { recursive: true });
  mkdirSync(notes);
  writeFileSync(join(library, ".gitignore"), "*.log\n");
  writeFileSync(join(library, "guide.md"), "Read me.\n");
  writeFileSync(join(library, "debug.log"), "not for others\n");
  symlinkSync(stage.home, join(library, "link"));
  writeFileSync(join(notes, "a.txt"), "A note.\n");
  const args = ["run", "Read", "--add-dir", "library", "--add-dir", "./notes/", "--output", "out", "--json"];
  const { code, stderr, events } = await stage.glovebox(args).done;
  expect(code, stderr).toBe(0);
  const [first, second] = events.filter((event) => event.type === "tool.end");
  expect(first).toMatchObject({ status: "ok", output: "./.gitignore\n./empty\n./guide.md\n./link\nRead me.\nA note." });
  expect(second).toMatchObject({ status: "ok" });
  expect(stage.file("out/a.txt")).toBe("A note.\n");
  expect(stage.result().files?.manifest.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(readFileSync(join(library, "guide.md"), "utf8")).toBe("Read me.\n");
  expect(existsSync(join(stage.directory, "out/guide.md"))).toBe(false);
});
