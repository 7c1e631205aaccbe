import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Pty } from "./support/pty.ts";
import { setStage } from "./support/stage.ts";
import { say, write } from "./support/turns.ts";

const detach = "\x10\x11";

it("an agent in a terminal outlives its viewers, is entered again, and leaves its changes and its conversation", async () => {
  await using stage = await setStage({
    turns: [write("index.html", "<h1>hello</h1>"), say("The page is there."), say("It goes further.")],
  });
  writeFileSync(join(stage.directory, "a.txt"), "a\n");
  const open = (...args: string[]) => new Pty(stage.argv(args), { cwd: stage.directory, env: stage.env });

  await using first = open("claude", "--model", "opus");
  await first.until("bypass permissions");
  first.type("Build a page");
  await first.until("Build a page");
  first.type("\r");
  await first.until("The page is there.");
  first.type(detach);
  await first.until("continues. Enter it: ");
  expect(await first.closed).toBe(0);

  await using again = open("claude");
  await again.until("which runs for this directory");
  // The whole conversation is drawn, with what came before this viewer.
  await again.until("Build a page");
  await again.until("The page is there.");
  await using watching = open("attach", "--read-only");
  await watching.until("The page is there.");
  watching.type("this is not typed");
  watching.type("\x03");
  await watching.until("Detached from ");
  expect(again.text).not.toContain("this is not typed");
  expect(await stage.glovebox(["claude", "Something else"], { terminal: true }).done).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("a prompt would start another one"),
  });

  again.type("/exit");
  await again.until("/exit");
  again.type("\r");
  await again.until("Write this into");
  expect(stage.result()).toMatchObject({ outcome: "succeeded", exitCode: 0, tokens: { input: expect.any(Number) } });
  again.type("\r");
  expect(await again.closed, again.text).toBe(0);
  expect(stage.file("index.html")).toBe("<h1>hello</h1>");
  expect(existsSync(join(stage.directory, ".claude"))).toBe(false);

  const types = stage.events().map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("terminal."))).toEqual(["terminal.start", "terminal.end"]);
  expect(JSON.stringify(stage.events())).not.toContain("bypass permissions");
  const more = await stage.glovebox(["resume", "1", "And more", "--output", "more"]).done;
  expect(more.code, more.stderr).toBe(0);
  expect(more.stdout).toContain("It goes further.");
  expect(await stage.containers()).toEqual([]);
}, 300_000);
