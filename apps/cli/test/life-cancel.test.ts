import { spawnSync } from "node:child_process";
import { once } from "node:events";
import type { RunEvent } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { type Command, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const turns = [write("kept.txt", "kept"), bash("touch started; sleep 300"), say("never")];

/** Calls back once, when the agent's long command has begun. */
function whenWorking(then: (command: Command) => void) {
  let isDone = false;
  return (event: RunEvent, command: Command) => {
    if (isDone || event.type !== "tool.start" || event.name !== "Bash") return;
    isDone = true;
    then(command);
  };
}

function isStarted(containerId: string): boolean {
  return spawnSync("docker", ["exec", containerId, "test", "-e", "/workspace/started"]).status === 0;
}

describe("Ctrl-C", () => {
  it("once: ends the agent, brings the files back, removes the sandbox", async () => {
    await using stage = await setStage({ turns });
    const onEvent = whenWorking(({ process }) => process.kill("SIGINT"));
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"], { onEvent }).done;
    expect(done.code).toBe(130);
    expect(stage.result()).toMatchObject({ outcome: "cancelled", cleanup: { state: "clean" } });
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await stage.containers()).toEqual([]);
  });

  it("twice: removes the sandbox at once, whatever there was to bring back", async () => {
    const many = bash("seq 40000 | xargs touch; touch started; tail -f /dev/null");
    await using stage = await setStage({ turns: [many] });
    const stageIsSet = () =>
      stage.containers().then(([container]) => container !== undefined && isStarted(container.Id));
    const running = stage.glovebox(["run", "Try", "--output", "out", "--json"]);
    await until("the agent has made its files", stageIsSet);
    running.process.kill("SIGINT");
    // Past the time in which two signals are taken for one, and long before all files are read.
    setTimeout(() => running.process.kill("SIGINT"), 100);
    const done = await running.done;
    expect(done.code).toBe(130);
    expect(stage.result()).toMatchObject({ outcome: "cancelled", cleanup: { state: "clean" } });
    expect(stage.result().files?.complete ?? false).toBe(false);
    expect(await stage.containers()).toEqual([]);
  });

  it("ends the process too where nobody reads what it has printed", async () => {
    await using stage = await setStage({ turns: [write("large.txt", "x".repeat(500_000)), bash("sleep 300")] });
    const { process } = stage.glovebox(["run", "Try", "--output", "out", "--json"]);
    const ended = once(process, "exit");
    process.stdout?.pause();
    const isWorking = () => stage.events().some((event) => event.type === "tool.start" && event.name === "Bash");
    await until("the agent works", async () => (await stage.containers()).length > 0 && isWorking());
    process.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(stage.file("out/large.txt")).toHaveLength(500_000);
    process.stdout?.destroy();
  });

  it("while the sandbox is being made: nothing is left", async () => {
    await using stage = await setStage({ turns });
    const onEvent = (event: RunEvent, { process }: Command) => {
      if (event.type === "run.state" && event.to === "creating") process.kill("SIGINT");
    };
    const done = await stage.glovebox(["run", "Try", "--json"], { onEvent }).done;
    expect(done.code).toBe(130);
    expect(await stage.containers()).toEqual([]);
  });
});

describe("glovebox stop", () => {
  it("cancels a run of another process, which brings its files back", async () => {
    await using stage = await setStage({ turns });
    let isWorking = false;
    const running = stage.glovebox(["run", "Try", "--output", "out", "--json"], {
      onEvent: whenWorking(() => {
        isWorking = true;
      }),
    });
    await until("the agent works", () => isWorking);
    const stopped = await stage.glovebox(["stop", "--json"]).done;
    expect(stopped.code).toBe(0);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      state: "cancelled",
      exitCode: 130,
      cleanup: { state: "clean" },
    });
    expect((await running.done).code).toBe(130);
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await stage.containers()).toEqual([]);
  });
});
