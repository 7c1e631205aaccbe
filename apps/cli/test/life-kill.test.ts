import type { RunEvent, RunPhase } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { type Command, type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const lease = ["--lease", "10s"];

/** Kills the host process, as no program can prevent, at a moment of the run. */
function killWhen(moment: (event: RunEvent) => boolean) {
  return (event: RunEvent, { process }: Command) => {
    if (moment(event)) process.kill("SIGKILL");
  };
}

async function runningContainers(stage: Stage): Promise<number> {
  return (await stage.containers()).filter(({ State }) => State === "running").length;
}

/** After the lease nothing runs; and then, once the lease of one that never ran is over too, `reap` leaves nothing. */
async function expectGone(stage: Stage): Promise<void> {
  await until("nothing of the dead run is running", async () => (await runningContainers(stage)) === 0, 60_000);
  await until(
    "reap leaves nothing",
    async () => {
      const reaped = await stage.glovebox(["reap"]).done;
      expect(reaped.code, reaped.stderr).toBe(0);
      return (await stage.containers()).length === 0;
    },
    60_000,
  );
}

describe("kill -9 of the host process", () => {
  const phases: readonly RunPhase[] = ["preparing", "creating", "uploading", "running", "destroying"];
  it.concurrent.each(phases)("while %s: nothing outlives the lease, and reap leaves nothing", async (phase) => {
    await using stage = await setStage({ turns: [write("made.txt", "made"), say("Done.")] });
    const onEvent = killWhen((event) => event.type === "run.state" && event.to === phase);
    const done = await stage.glovebox(["run", "Try", "--workspace", ".", "--output", "../out", "--json", ...lease], {
      onEvent,
    }).done;
    // The last phase can be over before the signal arrives; what holds then is the same.
    if (phase !== "destroying") expect(done.signal).toBe("SIGKILL");
    await expectGone(stage);
    const listed = await stage.glovebox(["ps"]).done;
    expect(listed.code, listed.stderr).toBe(0);
  });

  it("while the agent works: what it made is brought back by reap", async () => {
    await using stage = await setStage({ turns: [write("made.txt", "made"), bash("sleep 300")] });
    const onEvent = killWhen((event) => event.type === "tool.start" && event.name === "Bash");
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json", ...lease], { onEvent }).done;
    expect(done.signal).toBe("SIGKILL");
    expect(await stage.containers()).toHaveLength(1);
    const early = await stage.glovebox(["reap"]).done;
    expect(early.code, early.stderr).toBe(0);
    expect(await stage.containers(), "a sandbox whose lease has not ended is left alone").toHaveLength(1);
    await expectGone(stage);
    expect(stage.file("out/made.txt")).toBe("made");
    expect(stage.result()).toMatchObject({ outcome: "failed", cleanup: { state: "clean" }, files: { complete: true } });
  });

  it("while collecting: reap brings everything back", async () => {
    await using stage = await setStage({
      turns: [bash("for i in $(seq 2000); do echo $i > f$i; done; head -c 200000000 /dev/zero > big"), say("Done.")],
    });
    const onEvent = killWhen((event) => event.type === "run.state" && event.to === "collecting");
    await stage.glovebox(["run", "Try", "--output", "out", "--json", ...lease], { onEvent }).done;
    await expectGone(stage);
    expect(stage.result().files?.manifest.filter(({ path }) => /^f\d+$/.test(path))).toHaveLength(2000);
    expect(stage.file("out/f2000")).toBe("2000\n");
  });

  it("is made good by the start of the next run", async () => {
    await using stage = await setStage({
      turns: [write("made.txt", "made"), bash("test -e made.txt && sleep 300 || true"), say("Done.")],
    });
    const onEvent = killWhen((event) => event.type === "tool.start" && event.name === "Bash");
    await stage.glovebox(["run", "First", "--output", "first", "--json", ...lease], { onEvent }).done;
    await until("the lease has ended", async () => (await runningContainers(stage)) === 0, 40_000);
    const next = await stage.glovebox(["run", "Second", "--output", "second", "--timeout", "15s", "--json"]).done;
    expect(next.events).toContainEqual(expect.objectContaining({ type: "warning", code: "recovered" }));
    expect(stage.file("first/made.txt")).toBe("made");
    expect(await stage.containers()).toEqual([]);
  });
});
