import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Output } from "../output.ts";
import { runCli } from "../run-cli.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-cli-config-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const file = () => join(home, "config.json");

async function config(args: readonly string[]) {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const all = { GLOVEBOX_HOME: home };
  const code = await runCli(["config", ...args], {
    ...{ env: all, cwd: home, stdin: process.stdin },
    stdout: new Output(streams.stdout, all),
    stderr: new Output(streams.stderr, all),
  });
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? "";
  return { code, stdout: text(streams.stdout), stderr: text(streams.stderr) };
}

it("sets, gets and unsets keys, and leaves comments where they are", async () => {
  writeFileSync(file(), '{\n  // for the whole suite\n  "timeout": "30m", // enough\n  "pids": 99,\n}\n');
  expect(await config(["set", "timeout", "1h"])).toEqual({
    code: 0,
    stdout: `timeout is "1h" in ${file()}\n`,
    stderr: "",
  });
  await config(["set", "network.allow", "a.test,b.test", "c.test"]);
  await config(["set", "env.NODE_ENV", "test"]);
  await config(["set", "maxCostUsd", "2.5"]);
  const text = readFileSync(file(), "utf8");
  expect(text).toContain("// for the whole suite");
  expect(text).toContain('"timeout": "1h", // enough');
  expect((await config(["get", "network.allow"])).stdout).toBe('["a.test","b.test","c.test"]\n');
  expect((await config(["get", "env.NODE_ENV"])).stdout).toBe("test\n");
  expect((await config(["get", "maxCostUsd"])).stdout).toBe("2.5\n");
  await config(["unset", "timeout"]);
  expect((await config(["get", "timeout"])).code).toBe(2);
  expect(JSON.parse(readFileSync(join(home, "config.schema.json"), "utf8"))).toHaveProperty("properties.timeout");
});

it.each([
  [["set", "timout", "1h"], "Did you mean timeout?"],
  [["set", "timeout", "soon"], "duration"],
  [["set", "network.mode", "seald"], 'did you mean "sealed"?'],
  [["set", "cpus", "-1"], "above 0"],
  [["set", "rootInside", "maybe"], "true or false"],
  [["set", "timeout", "1h", "2h"], "one value"],
  [["set", "env.API_TOKEN", "abcdefghijkl"], "looks like a secret"],
  [["set", "env.X", "sk-ant-abcdefghijkl"], "looks like a secret"],
])("refuses %j and changes nothing", async (args, message) => {
  const { code, stderr } = await config(args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("abcdefghijkl");
  expect((await config(["list", "--json"])).stdout).toBe("");
});

it("does not touch a file that cannot be read, and says in which line", async () => {
  const broken = '{\n  "timeout": \n}\n';
  writeFileSync(file(), broken);
  const { code, stderr } = await config(["set", "cpus", "2"]);
  expect({ code, text: readFileSync(file(), "utf8") }).toEqual({ code: 2, text: broken });
  expect(stderr).toContain("in line 3");
});

it("writes where a link leads", async () => {
  writeFileSync(join(home, "dotfile.json"), "{}");
  symlinkSync("dotfile.json", file());
  await config(["set", "cpus", "2"]);
  expect(JSON.parse(readFileSync(join(home, "dotfile.json"), "utf8"))).toEqual({ cpus: 2 });
});

it("lists what a run would use, and which place gives it", async () => {
  writeFileSync(file(), JSON.stringify({ timeout: "1h", memory: "2g", cpus: 2, ignore: ["a"] }));
  writeFileSync(join(home, "glovebox.config.json"), '{ "timeout": "10m", "cpus": 8, "ignore": ["b"], /* mine */ }');
  // commander reads the variables of options from the process.
  vi.stubEnv("GLOVEBOX_MEMORY", "1g");
  const done = await config(["list", "--json", "--max-turns", "3"]).finally(() => vi.unstubAllEnvs());
  const rows = done.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { key: string; value: string; from: string });
  expect(Object.fromEntries(rows.map(({ key, value, from }) => [key, [value, from]]))).toEqual({
    maxTurns: ["3", "the command line"],
    timeout: ["10m", "glovebox.config.json"],
    memory: ["1g", "GLOVEBOX_MEMORY"],
    cpus: ["2", file()],
    ignore: ["a, b", `${file()}, glovebox.config.json`],
  });
  expect(done.stderr).toContain("sets cpus to 8");
});
