import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "@glovebox/core";
import { imageLabel, imageRepositories } from "@glovebox/image-builder";
import type { ModelRequest } from "@glovebox/scripted-model";
import { expect, it } from "vitest";
import { type Stage, setStage, until } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

/** The snapshots of this stage's owner: other tests make some meanwhile. */
async function snapshotImages(stage: Stage): Promise<string[]> {
  const owner = readFileSync(join(stage.home, "owner"), "utf8").trim();
  const filters = { reference: [`${imageRepositories.snapshot}:*`], label: [`${imageLabel}=${owner}`] };
  return (await stage.docker.listImages({ filters })).flatMap(({ RepoTags }) => RepoTags ?? []);
}

function results(stage: Stage): RunResult[] {
  const runs = join(stage.home, "runs");
  return readdirSync(runs)
    .sort()
    .map((id) => JSON.parse(readFileSync(join(runs, id, "result.json"), "utf8")) as RunResult);
}

/** Answers by the prompt that it finds last in the conversation, as forks speak at the same time. */
function byPrompt(heard: ModelRequest[]) {
  return (request: ModelRequest) => {
    heard.push(request);
    const said = JSON.stringify(request.messages);
    if (said.includes("tool_result") && said.split("tool_result").length > 2) return say("Done.");
    const name = said.includes("Make it blue") ? "blue" : "red";
    return bash(`cat /home/agent/installed a.txt > ${name}.txt; echo ${name} >> shared.txt`);
  };
}

it("forks of a kept run start from its sandbox, with sessions and outputs of their own, and leave no snapshot", async () => {
  const heard: ModelRequest[] = [];
  const turn = byPrompt(heard);
  await using stage = await setStage({
    turns: [
      bash("echo first > shared.txt; echo changed > a.txt; echo tool > /home/agent/installed"),
      say("I began."),
      ...Array.from({ length: 6 }, () => turn),
    ],
  });
  const project = join(stage.directory, "project");
  mkdirSync(project);
  writeFileSync(join(project, "a.txt"), "before\n");
  const run = (...args: string[]) => stage.glovebox(args, { built: true }).done;

  const kept = await run("run", "The first request", "--workspace", "project", "--output", "one", "--keep");
  expect(kept.code, kept.stderr).toBe(0);
  const first = stage.result();
  expect((await run("apply", "--yes", "a.txt")).code).toBe(0);

  const forked = await run("fork", "1", "Make it red", "Make it blue", "--output", "forks");
  expect(forked.code, forked.stderr).toBe(0);
  const forks = results(stage).slice(1);
  expect(forks.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
  expect(new Set([first, ...forks].map(({ sessionId }) => sessionId)).size).toBe(3);
  for (const { runId } of forks) expect(forked.stdout).toContain(runId.slice(-6));
  const brought = forks.map(({ files }) => readdirSync(files?.directory ?? "").sort());
  expect(brought).toContainEqual(["a.txt", "red.txt", "shared.txt"]);
  expect(brought).toContainEqual(["a.txt", "blue.txt", "shared.txt"]);
  for (const { runId, files } of forks) {
    expect(files?.directory).toBe(join(stage.directory, "forks", runId));
    expect(readFileSync(join(files?.directory ?? "", "shared.txt"), "utf8")).toMatch(/^first\n(red|blue)\n$/);
    // The earlier run's change is in the project by now.
    expect(files?.manifest.find(({ path }) => path === "a.txt")?.change).toBe("unchanged");
  }
  const said = JSON.stringify(heard[0]?.messages);
  for (const text of ["The first request", "I began."]) expect(said).toContain(text);

  expect((await stage.containers()).map(({ Id }) => Id)).toEqual([first.sandboxId]);
  expect(await snapshotImages(stage)).toEqual([]);
  const red = forks.find(({ files }) => existsSync(join(files?.directory ?? "", "red.txt")));
  expect((await run("diff", red?.runId ?? "", "--name-only")).stdout).toBe("red.txt\nshared.txt\n");
  expect((await run("apply", red?.runId ?? "", "--yes")).code).toBe(0);
  expect(stage.file("project/red.txt")).toBe("tool\nchanged\n");
  expect((await run("rm", first.runId)).code).toBe(0);
});

it("forks of a run under way start from a snapshot of its sandbox, and the run continues", async () => {
  await using stage = await setStage({
    turns: [
      bash("echo early > early.txt; touch /tmp/ready; while test ! -e /workspace/go; do sleep 0.1; done"),
      say("The first one is done."),
      // Claude Code itself answers the call that the snapshot cut off.
      bash("cat early.txt > seen.txt"),
      say("Seen."),
    ],
  });
  let working = false;
  const running = stage.glovebox(["run", "The first request", "--output", "one", "--json"], {
    built: true,
    onEvent: (event) => {
      working ||= event.type === "tool.start";
    },
  });
  await until("the agent works", () => working);
  await until("its file is there", async () => {
    const [container] = await stage.containers();
    const exec = await stage.docker.getContainer(container?.Id ?? "").exec({ Cmd: ["test", "-e", "/tmp/ready"] });
    await exec.start({});
    await until("it is looked for", async () => !(await exec.inspect()).Running);
    return (await exec.inspect()).ExitCode === 0;
  });
  const forked = await stage.glovebox(["fork", "1", "Another way", "--count", "1"], { built: true }).done;
  expect(forked.code, forked.stderr).toBe(0);
  const fork = stage.result();
  expect(readFileSync(join(fork.files?.directory ?? "", "seen.txt"), "utf8")).toBe("early\n");
  expect((await stage.glovebox(["exec", "2", "--", "touch", "go"], { built: true }).done).code).toBe(0);
  expect((await running.done).code).toBe(0);
  expect(await stage.containers()).toEqual([]);
});

it("forks start from the snapshot that a run made at its end; without one, from the files that it brought back", async () => {
  await using stage = await setStage({
    turns: [
      bash("echo 1 > one.txt; echo outside > /home/agent/outside"),
      say("One."),
      bash("cat /home/agent/outside > with.txt"),
      say("Two."),
      bash("cat /home/agent/outside one.txt > without.txt"),
      say("Three."),
    ],
  });
  const run = (...args: string[]) => stage.glovebox(args, { built: true }).done;
  expect((await run("run", "The first request", "--output", "one", "--keep-snapshot")).code).toBe(0);
  const first = stage.result();
  expect(first.cleanup.state).toBe("clean");
  expect(await snapshotImages(stage)).toHaveLength(1);
  const forked = await run("fork", first.runId, "Continue", "--count", "1", "--json");
  expect(forked.code, forked.stderr).toBe(0);
  expect(stage.file(`sandbox-${stage.result().runId}/with.txt`)).toBe("outside\n");
  expect((await run("rm", first.runId)).code).toBe(0);
  expect(await snapshotImages(stage)).toEqual([]);

  const again = await run("fork", "1", "Continue", "--count", "1");
  expect(again.code, again.stderr).toBe(0);
  expect(stage.file(`sandbox-${stage.result().runId}/without.txt`)).toBe("1\n");
  expect(await stage.containers()).toEqual([]);
});

it("refuses forks that nobody can mean", async () => {
  await using stage = await setStage({ turns: [] });
  const refused = await stage.glovebox(["fork", "1", "Make", "it", "faster"]).done;
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('hint: Quote it: "Make it faster"') });
});
