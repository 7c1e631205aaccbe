import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { searchSandbox } from "./support/search-sandbox.ts";
import { setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

function hostCommandLines(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1");
      } catch {
        return ""; // It ended meanwhile.
      }
    })
    .join("\n");
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

describe("the key", () => {
  it("is nowhere inside, nor in what the engine, the process list, the journal or the output show", async () => {
    await using stage = await setStage({
      turns: [
        write("planted.txt", "needle-in-the-workspace"),
        bash("env > env.txt; while test ! -e searched; do sleep 0.1; done"),
        say("Done."),
      ],
    });
    let working = false;
    const onEvent = (event: RunEvent) => {
      working ||= event.type === "tool.start" && event.name === "Bash";
    };
    const running = stage.glovebox(["run", "Try", "--output", "out", "--json"], { onEvent });
    await until("the agent works", () => working);
    const created = stage.events().find((event) => event.type === "sandbox.created");
    if (created?.type !== "sandbox.created") throw new Error("no sandbox was made");
    const planted = searchSandbox(created.sandboxId, "needle-in-the-workspace");
    expect(planted, "the search finds what is in a file").toContain("/workspace/planted.txt");
    expect(
      planted.some((place) => place.endsWith("/mem")),
      "and what is in a process's memory",
    ).toBe(true);
    expect(searchSandbox(created.sandboxId, stage.key)).toEqual([]);
    const inspect = execFileSync("docker", ["inspect", created.sandboxId], { encoding: "utf8" });
    const [container] = JSON.parse(inspect) as { Image: string }[];
    const history = execFileSync("docker", ["history", "--no-trunc", container?.Image ?? ""], { encoding: "utf8" });
    const processes = hostCommandLines();
    execFileSync("docker", ["exec", "-u", "1000", created.sandboxId, "touch", "/workspace/searched"]);
    const done = await running.done;
    expect(done.code).toBe(0);
    for (const place of [inspect, history, processes, done.stdout, done.stderr]) expect(place).not.toContain(stage.key);
    for (const file of [...filesBelow(stage.home), ...filesBelow(stage.directory)]) {
      expect(readFileSync(file).includes(stage.key), file).toBe(false);
    }
    expect(stage.file("out/env.txt"), "the agent saw its environment").toContain("CLAUDECODE=1");
    const turn = stage.model.requests.find((request) => request.kind === "turn");
    expect(turn?.headers["x-api-key"], "and yet the model saw it").toBe(stage.key);
  });

  it("is masked where the agent was given a secret on purpose and prints it", async () => {
    await using stage = await setStage({ turns: [bash("echo $TOKEN"), say("Done.")] });
    const done = await stage.glovebox(["run", "Try", "--env", "TOKEN", "--json"], {
      env: { TOKEN: "very-secret-token" },
    }).done;
    expect(done.code).toBe(0);
    expect(done.stdout).not.toContain("very-secret-token");
    expect(done.stdout).toContain("[TOKEN]");
  });
});
