import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("docs/cli.md says what the commands say", () => {
  const script = fileURLToPath(new URL("../scripts/write-reference.ts", import.meta.url));
  const done = spawnSync(process.execPath, ["--conditions=@glovebox/source", script, "--check"], { encoding: "utf8" });
  expect(done).toMatchObject({ status: 0, stderr: "" });
});
