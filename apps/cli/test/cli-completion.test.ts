import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { typedCommand } from "./support/command-line.ts";
import { setStage } from "./support/stage.ts";

it("completes commands, values, runs and the commands of plugins in a real bash", async () => {
  await using stage = await setStage({ turns: [] });
  const program = join(stage.directory, "glovebox");
  writeFileSync(program, `#!/bin/sh\nexec ${typedCommand} "$@"\n`);
  chmodSync(program, 0o755);
  mkdirSync(join(stage.home, "runs", "20261130-100000-abcdef"), { recursive: true });
  const script = `
    source <(glovebox completion bash)
    try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _glovebox; echo "\${COMPREPLY[*]}"; }
    try glovebox ru
    try glovebox run --network = se
    try glovebox logs 2026
    try glovebox image bu
  `;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    env: { PATH: `${stage.directory}:${process.env.PATH}`, HOME: stage.home, GLOVEBOX_HOME: stage.home },
    encoding: "utf8",
    timeout: 60_000,
  });
  expect({ stdout, stderr }).toEqual({ stdout: "run\nsealed\n20261130-100000-abcdef\nbuild\n", stderr: "" });
});
