import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

const noScript = { turns: [] };

describe("an address that holds a secret", () => {
  it.each(["http://user:hunter2@127.0.0.1:9", "http://127.0.0.1:9/?key=hunter2", "hunter2 is no address"])(
    "%s is refused before anything is made, and never repeated",
    async (url) => {
      await using stage = await setStage(noScript);
      for (const args of [
        ["run", "x"],
        ["run", "x", "--dry-run"],
        ["run", "x", "--json"],
      ]) {
        const env = { ANTHROPIC_BASE_URL: url, GLOVEBOX_DEBUG: "1" };
        const { code, stdout, stderr } = await stage.glovebox(args, { env }).done;
        expect(code).toBe(2);
        expect(stdout + stderr).not.toContain("hunter2");
      }
      expect(readdirSync(stage.directory)).toEqual([]);
      expect(await stage.containers()).toEqual([]);
    },
  );
});

describe("the current directory", () => {
  it("cannot make the command wait by a pipe in a file's place", async () => {
    await using stage = await setStage(noScript);
    const expected = { ".env": 3, "glovebox.config.json": 2 };
    for (const [name, expectedCode] of Object.entries(expected)) {
      execFileSync("mkfifo", [join(stage.directory, name)]);
      const { code, stderr } = await stage.glovebox(["run", "x", "--dry-run"], { env: { ANTHROPIC_API_KEY: "" } }).done;
      expect({ name, code }).toEqual({ name, code: expectedCode });
      expect(stderr).toContain("is a named pipe, not a file");
      rmSync(join(stage.directory, name));
    }
  });

  it("cannot steer a terminal by what its configuration holds", async () => {
    await using stage = await setStage(noScript);
    const [esc, csi, bell] = [0x1b, 0x9b, 0x07].map((code) => String.fromCharCode(code));
    for (const text of [
      '{"\\u001b]0;title\\u0007\\u001b[31mkey":1}',
      '{"model":"\\u001b[2J\\u009b31m"}',
      '{"ignore":["\\u001b[31m"]}',
      `{"${esc}[31m`,
      '{"__proto__":{"mounts":["/:/host"]}}',
    ]) {
      writeFileSync(join(stage.directory, "glovebox.config.json"), text);
      const { stdout, stderr } = await stage.glovebox(["run", "x", "--dry-run"]).done;
      for (const control of [esc, csi, bell]) expect(stdout + stderr).not.toContain(control);
      expect(stdout).not.toContain("/host");
    }
  });
});
