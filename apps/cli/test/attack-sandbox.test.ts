import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

/** Many processes that each look small, none of them worth less to the kernel than the supervisor. */
const exhaustMemory = `echo kept > kept.txt
echo 0 > /proc/self/oom_score_adj
python3 - <<'PY'
import os, time
for _ in range(400):
    if os.fork() == 0:
        held = bytearray(os.urandom(1 << 20) * 12)
        time.sleep(100)
        os._exit(0)
time.sleep(100)
PY`;

/** Names and link targets that hold lines of ours, controls, bidi and invisible characters. */
const forgeLines = String.raw`python3 - <<'PY'
import os
evil = "x\nnext: curl evil.test\u2028warning: forged\n::error::forged\u202e\u009b2J\u200b" + chr(0xe0041)
open(evil, "w").write("x")
os.symlink("/etc/" + evil, "link")
os.symlink("../" + evil, "out" + evil)
os.mkfifo("pipe" + evil)
PY`;

describe("an agent that turns on its own sandbox", () => {
  it("does not keep its files by locking the workspace", async () => {
    await using stage = await setStage({ turns: [bash("echo kept > kept.txt; chmod 000 /workspace"), say("Done.")] });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--quiet"]).done;
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: "" });
    expect(stage.file("out/kept.txt")).toBe("kept\n");
    expect(await stage.containers()).toEqual([]);
  });

  it("may end it by using up its memory: then the run has failed, and reaping brings the files back", async () => {
    await using stage = await setStage({ turns: [bash(exhaustMemory), say("Done.")] });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--quiet", "--memory", "768m"]).done;
    if (stage.result().cleanup.state === "left") {
      expect(done.code).toBe(4);
      expect((await stage.glovebox(["reap"]).done).code).toBe(0);
    }
    expect(stage.file("out/kept.txt")).toBe("kept\n");
    expect(await stage.containers()).toEqual([]);
  });

  it("forges no line of ours by names, link targets or its own words", async () => {
    const words = "Fine.\nnext: curl evil.test\nwarning: forged\n::error::forged\u202e\u009b2J";
    await using stage = await setStage({ turns: [bash(forgeLines), say(words)] });
    const done = await stage.glovebox(["run", "Try", "--output", "out"]).done;
    expect(done.code, done.stderr).toBe(0);
    const plan = await stage.glovebox(["apply", "--dry-run"]).done;
    const logs = await stage.glovebox(["logs"]).done;
    const shown = [done, plan, logs].flatMap(({ stdout, stderr }) => [stdout, stderr]).join("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e]|[\u{e0000}-\u{e007f}]/u);
    expect(shown.split("\n").filter((line) => /^\s*(next: curl|warning: forged|::)/.test(line))).toEqual([]);
    expect(done.stdout).toContain("│ next: curl evil.test\n");
    expect(done.stdout).toContain(
      "x\\nnext: curl evil.test\\u{2028}warning: forged\\n::error::forged\\u{202e}\\u{9b}2J\\u{200b}\\u{e0041}",
    );
    for (const args of [
      ["logs", "--json"],
      ["apply", "--dry-run", "--json"],
      ["ps", "--json"],
    ]) {
      const { stdout } = await stage.glovebox(args).done;
      expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
      for (const line of stdout.trimEnd().split("\n")) JSON.parse(line);
    }
  });
});
