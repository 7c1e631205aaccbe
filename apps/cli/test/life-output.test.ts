import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CommandOptions, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

describe("an output that holds a file of the user's", () => {
  it("is refused before anything starts, and written over with --overwrite alone", async () => {
    await using stage = await setStage({ turns: [write("README.md", "the agent's"), say("Done.")] });
    mkdirSync(join(stage.directory, "out"));
    writeFileSync(join(stage.directory, "out/README.md"), "mine");
    const refused = await stage.glovebox(["run", "Try", "--output", "out"]).done;
    expect(refused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--overwrite") });
    expect(stage.file("out/README.md")).toBe("mine");
    expect(existsSync(join(stage.home, "runs")) ? readdirSync(join(stage.home, "runs")) : []).toEqual([]);
    expect(stage.model.requests).toEqual([]);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--overwrite"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/README.md")).toBe("the agent's");
  });
});

describe("an output that became a link after its run was killed", () => {
  it("is not followed by reap, which brings the files to the state directory and says so", async () => {
    await using stage = await setStage({ turns: [write("authorized_keys", "the agent's"), bash("sleep 300")] });
    const onEvent: CommandOptions["onEvent"] = (event, { process }) => {
      if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGKILL");
    };
    await stage.glovebox(["run", "Try", "--output", "out", "--json"], { onEvent }).done;
    const [out, keys] = [join(stage.directory, "out"), join(stage.directory, "../.ssh")];
    mkdirSync(keys);
    writeFileSync(join(keys, "authorized_keys"), "the user's");
    rmSync(out, { recursive: true, force: true });
    symlinkSync("../.ssh", out);
    const reaped = await stage.glovebox(["reap", "1"]).done;
    expect(reaped.code, reaped.stderr).toBe(0);
    expect(readdirSync(keys)).toEqual(["authorized_keys"]);
    expect(stage.file("../.ssh/authorized_keys")).toBe("the user's");
    const directory = stage.result().files?.directory ?? "";
    expect(directory).toBe(join(stage.home, "recovered", stage.result().runId));
    expect(reaped.stdout + reaped.stderr).toContain(directory);
    expect(readFileSync(join(directory, "authorized_keys"), "utf8")).toBe("the agent's");
    expect(readlinkSync(out)).toBe("../.ssh");
    expect(await stage.containers()).toEqual([]);
  });
});
