import type { RunEvent } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";
import { wayToEngine } from "./support/way-to-engine.ts";

function onBash(then: () => void) {
  return (event: RunEvent) => {
    if (event.type === "tool.start" && event.name === "Bash") then();
  };
}

describe("a connection to the engine that breaks while the agent works", () => {
  it("is made again: the run continues where it was, and none of its output is missed", async () => {
    await using stage = await setStage({
      turns: [write("a.txt", "a"), bash("sleep 3; echo after > after.txt"), say("Done.")],
    });
    using way = await wayToEngine(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"], {
      env: { DOCKER_HOST: way.host },
      onEvent: onBash(() => way.cut()),
    }).done;
    expect(done.events).toContainEqual(expect.objectContaining({ type: "warning", code: "reconnecting" }));
    expect(done.code, done.stdout.slice(-3500)).toBe(0);
    expect(stage.file("out/after.txt")).toBe("after\n");
    const calls = done.events.flatMap((event) => (event.type === "tool.end" ? [event.status] : []));
    expect(calls).toEqual(["ok", "ok"]);
    expect(await stage.containers()).toEqual([]);
  });

  it("and stays broken: the run says that it failed and what is left, and reap brings the files back", async () => {
    await using stage = await setStage({ turns: [write("a.txt", "a"), bash("tail -f /dev/null"), say("never")] });
    using way = await wayToEngine(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--lease", "10s", "--json"], {
      env: { DOCKER_HOST: way.host },
      onEvent: onBash(() => way.cut(true)),
    }).done;
    expect(done.code).toBe(4);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "left" } });
    const reaped = await stage.glovebox(["reap", "1"]).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(stage.file("out/a.txt")).toBe("a");
    expect(stage.result().cleanup).toEqual({ state: "clean" });
    expect(await stage.containers()).toEqual([]);
  });
});
