import type { RunEvent } from "@glovebox/core";
import { describe, expect, it, vi } from "vitest";
import { type Command, type Stage, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";
import { wayToEngine } from "./support/way-to-engine.ts";

const turns = [write("kept.txt", "kept"), bash("touch started; sleep 1000"), say("never")];

/** Calls back once, when the agent's long command has begun. */
function whenWorking(then: (command: Command) => unknown) {
  let isDone = false;
  return (event: RunEvent, command: Command) => {
    if (isDone || event.type !== "tool.start" || event.name !== "Bash") return;
    isDone = true;
    then(command);
  };
}

async function onlyContainer(stage: Stage) {
  const [container] = await stage.containers();
  if (container === undefined) throw new Error("there is no container");
  return stage.docker.getContainer(container.Id);
}

/** The engine abandons a freeze that takes long on a busy machine. */
async function freeze(stage: Stage): Promise<void> {
  const container = await onlyContainer(stage);
  await vi.waitFor(() => container.pause(), { timeout: 30_000 });
}

describe.concurrent("a sandbox that is frozen while the agent works", () => {
  it("times out, is woken to bring its files back, and is removed", async () => {
    await using stage = await setStage({ turns });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--timeout", "30s", "--json"], {
      onEvent: whenWorking(() => freeze(stage)),
    }).done;
    expect(done.code, done.stdout.slice(-3000)).toBe(124);
    expect(stage.result()).toMatchObject({ outcome: "timed-out", cleanup: { state: "clean" } });
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await stage.containers()).toEqual([]);
  });

  it("fails the run by itself, as what it is, where nothing stops it", async () => {
    await using stage = await setStage({ turns });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"], {
      onEvent: whenWorking(() => freeze(stage)),
    }).done;
    expect(done.code, done.stdout.slice(-3000)).toBe(4);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(stage.result().reason).toContain("The sandbox was paused while the run needed it");
    expect(stage.file("out/kept.txt")).toBe("kept");
  });
});

describe.concurrent("an engine that stops answering while the agent works", () => {
  it("ends the run after two Ctrl-C, which says what is left; reap removes it later", async () => {
    await using stage = await setStage({ turns });
    using way = await wayToEngine(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"], {
      env: { DOCKER_HOST: way.host },
      onEvent: whenWorking(({ process }) => {
        way.freeze();
        process.kill("SIGINT");
        // Past the time in which two signals are taken for one.
        setTimeout(() => process.kill("SIGINT"), 200);
      }),
    }).done;
    expect(done.code).toBe(130);
    expect(stage.result()).toMatchObject({ outcome: "cancelled", cleanup: { state: "left" } });
    expect(done.events.at(-1)).toMatchObject({ type: "run.end" });
    const reaped = await stage.glovebox(["reap"]).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await stage.containers()).toEqual([]);
  });
});
