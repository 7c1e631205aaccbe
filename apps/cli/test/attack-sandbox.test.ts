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
});
