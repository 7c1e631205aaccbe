import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

const nowhere = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

describe("without an engine", () => {
  it("a run ends with 3, one line and what to do", async () => {
    await using stage = await setStage({ turns: [] });
    const { code, stdout, stderr } = await stage.glovebox(["run", "x", "--json"], { env: nowhere }).done;
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: .*\nhint: .*\n$/);
  });

  it("doctor says so, also to programs, and exits with 3", async () => {
    await using stage = await setStage({ turns: [] });
    const { code, stdout } = await stage.glovebox(["doctor", "--json"], { env: nowhere }).done;
    expect(code).toBe(3);
    const findings = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; status: string; hint?: string });
    expect(findings).toContainEqual(expect.objectContaining({ status: "problem", hint: expect.any(String) }));
    expect(findings).toContainEqual(expect.objectContaining({ name: "credential", status: "ok" }));
  });

  it("image ls says so", async () => {
    await using stage = await setStage({ turns: [] });
    const { code, stderr } = await stage.glovebox(["image", "ls"], { env: nowhere }).done;
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: .*\nhint: /);
  });

  it.each([[["doctor"]], [["reap"]], [["image", "ls"]]])("%j speaks of the variable that chose it", async (args) => {
    await using stage = await setStage({ turns: [] });
    const { code, stdout, stderr } = await stage.glovebox(args, { env: { DOCKER_HOST: "tcp://127.0.0.1:1" } }).done;
    expect(code).toBe(3);
    expect(stdout + stderr).toContain("tcp://127.0.0.1:1 (from DOCKER_HOST)");
    expect(stdout + stderr).toContain("Start it there, or unset that.");
    expect(stdout + stderr).not.toContain("doctor --fix");
  });
});

describe("with an engine that accepts connections and never answers", () => {
  const commands = [
    ["run", "x"],
    ["reap"],
    ["image", "ls"],
    ["image", "build"],
    ["image", "rm", "--all"],
    ["template", "build"],
    ["certify", "docker"],
  ];

  it("each command that needs it ends with 3, one line and what to do; doctor too, and ps needs none", async () => {
    await using stage = await setStage({ turns: [] });
    const path = join(stage.directory, "..", "engine.sock");
    const silent = createServer(() => {}).listen(path);
    await once(silent, "listening");
    const env = { DOCKER_HOST: `unix://${path}` };
    const ended = await Promise.all(commands.map((args) => stage.glovebox(args, { env }).done));
    for (const { code, stdout, stderr } of ended) {
      expect(stderr).toMatch(/^(Run \S+\n)?error: The Docker engine at \S+ does not answer.*\nhint: .*\n$/);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    }
    const doctor = await stage.glovebox(["doctor"], { env }).done;
    expect(doctor.code).toBe(3);
    expect(doctor.stdout).toContain("does not answer");
    expect((await stage.glovebox(["ps"], { env }).done).code).toBe(0);
    silent.close();
  });
});
