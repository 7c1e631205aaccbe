import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { type Command, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

/** Where in a container the bytes are, searched as root with every capability: all files, and each process's memory of its start. */
function searchInside(containerId: string, needle: string): string {
  const script = [
    'grep -rlaF -e "$N" --exclude-dir=proc --exclude-dir=sys / 2>/dev/null',
    'for p in /proc/[0-9]*; do for f in environ cmdline; do grep -qaF -e "$N" $p/$f 2>/dev/null && echo $p/$f; done; done; true',
  ].join("; ");
  // The needle travels by standard input: as an argument the search would find itself.
  return execFileSync(
    "docker",
    ["exec", "-i", "--privileged", "-u", "0", containerId, "sh", "-c", `read -r N; ${script}`],
    {
      input: `${needle}\n`,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    },
  ).trim();
}

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

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe("the key", () => {
  it("is nowhere inside, nor in what the engine, the process list, the journal or the output show", async () => {
    await using stage = await setStage({
      turns: [write("planted.txt", "needle-in-the-workspace"), bash("env > env.txt; sleep 5"), say("Done.")],
    });
    const found: { key?: string; planted?: string; inspect?: string; processes?: string; history?: string } = {};
    const onEvent = (event: RunEvent, _: Command) => {
      if (event.type !== "tool.start" || event.name !== "Bash") return;
      const id = stage.events().find((past) => past.type === "sandbox.created");
      if (id?.type !== "sandbox.created") throw new Error("no sandbox");
      found.key = searchInside(id.sandboxId, stage.key);
      found.planted = searchInside(id.sandboxId, "needle-in-the-workspace");
      found.inspect = execFileSync("docker", ["inspect", id.sandboxId], { encoding: "utf8" });
      const [container] = JSON.parse(found.inspect) as { Image: string }[];
      found.history = execFileSync("docker", ["history", "--no-trunc", container?.Image ?? ""], { encoding: "utf8" });
      found.processes = hostCommandLines();
    };
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"], { onEvent }).done;
    expect(done.code).toBe(0);
    expect(found.planted, "the search finds what is there").toContain("/workspace/planted.txt");
    expect(found.key).toBe("");
    for (const place of [found.inspect, found.history, found.processes, done.stdout, done.stderr]) {
      expect(place).toBeTypeOf("string");
      expect(place).not.toContain(stage.key);
    }
    for (const file of [...filesBelow(stage.home), ...filesBelow(stage.folder)]) {
      expect(readFileSync(file).includes(stage.key), file).toBe(false);
    }
    expect(stage.file("out/env.txt")).toContain("ANTHROPIC_API_KEY=");
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
