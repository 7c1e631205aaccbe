import type { RunEvent } from "@glovebox/core";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const turns = [write("kept.txt", "kept"), bash("touch started; sleep 1000"), say("never")];

async function runAndThen(
  stage: Stage,
  args: readonly string[],
  then: (container: Docker.Container) => Promise<unknown>,
) {
  let isDone = false;
  const onEvent = async (event: RunEvent) => {
    if (isDone || event.type !== "tool.start" || event.name !== "Bash") return;
    isDone = true;
    const [container] = await stage.containers();
    if (container !== undefined) await then(stage.docker.getContainer(container.Id));
  };
  return await stage.glovebox(["run", "Try", "--output", "out", "--json", ...args], { onEvent }).done;
}

describe.concurrent("a sandbox that ends while the agent works", () => {
  it.each([
    ["stop", (container: Docker.Container) => container.stop()],
    ["kill", (container: Docker.Container) => container.kill()],
  ])("because of the engine's %s from outside fails as that, and its files come back", async (_, end) => {
    await using stage = await setStage({ turns });
    const done = await runAndThen(stage, [], end);
    expect(done.code, done.stdout.slice(-3000)).toBe(4);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(stage.result().reason).toMatch(/^The sandbox was stopped while the run needed it/);
    expect(stage.file("out/kept.txt")).toBe("kept");
    expect(await stage.containers()).toEqual([]);
  });

  it("because it was removed from outside fails as that, and nothing is said to be left", async () => {
    await using stage = await setStage({ turns });
    const done = await runAndThen(stage, [], (container) => container.remove({ force: true }));
    expect(done.code, done.stdout.slice(-3000)).toBe(4);
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(stage.result().reason).toContain("The sandbox was removed while the run needed it");
  });

  it("because its lease ended while this machine slept says so", async () => {
    await using stage = await setStage({ turns });
    const command = stage.glovebox(["run", "Try", "--output", "out", "--lease", "10s", "--json"], {
      onEvent: (event, { process }) => {
        if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGSTOP");
      },
    });
    await until("the sandbox has stopped", async () => (await stage.containers())[0]?.State === "exited");
    command.process.kill("SIGCONT");
    const done = await command.done;
    expect(done.code, done.stdout.slice(-3000)).toBe(4);
    expect(stage.result().reason).toContain("The sandbox stopped because its lease ended");
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" } });
    expect(stage.file("out/kept.txt")).toBe("kept");
  });
});
