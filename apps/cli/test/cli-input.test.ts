import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { typedCommand } from "./support/command-line.ts";
import { type Done, type Stage, setStage } from "./support/stage.ts";

const text = "Grüße 🧤";
const utf16be = (value: string) => Buffer.from(`\ufeff${value}`, "utf16le").swap16();

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ turns: [] });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  rmSync(stage.directory, { recursive: true });
  mkdirSync(stage.directory);
});

const place = (name: string) => join(stage.directory, name);

/** Runs `glovebox run --dry-run --json` by a shell, as a user types it. */
function typed(options: string, { stdin = "", env = {} }: { stdin?: string; env?: Record<string, string> } = {}) {
  const command = `exec ${typedCommand} run --dry-run --json ${options}`;
  const child = spawn("bash", ["-c", command], {
    cwd: stage.directory,
    env: {
      PATH: process.env.PATH,
      HOME: stage.directory,
      GLOVEBOX_HOME: stage.home,
      ANTHROPIC_API_KEY: stage.key,
      ...env,
    },
  });
  // It may end without reading what it is given.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const done = new Promise<Pick<Done, "code" | "signal" | "stdout" | "stderr">>((resolve) => {
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      stdout += piece;
    });
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      stderr += piece;
    });
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, done };
}

async function plan(options: string, extra?: Parameters<typeof typed>[1]) {
  const { code, stdout, stderr } = await typed(options, extra).done;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as { task: { prompt: string }; env: Record<string, string> };
}

describe("a prompt", () => {
  it.each([
    ["a shell's <(...)", `--prompt-file <(printf '${text}')`, {}],
    ["/dev/stdin", "--prompt-file /dev/stdin", { stdin: text }],
    ["/dev/fd/0", "--prompt-file /dev/fd/0", { stdin: text }],
    ["/proc/self/fd/0", "--prompt-file /proc/self/fd/0", { stdin: text }],
    ["an open file of the shell's", `--prompt-file /dev/fd/7 7<<<'${text}'`, {}],
    ["-", "--prompt-file -", { stdin: text }],
    ["standard input", "", { stdin: text }],
  ])("is read from %s", async (_, options, extra) => {
    expect((await plan(options, extra)).task.prompt.trim()).toBe(text);
  });

  it("is read from a named pipe whose writer comes later", async () => {
    execFileSync("mkfifo", [place("pipe")]);
    const { child, done } = typed("--prompt-file pipe");
    await expect
      .poll(() => execFileSync("ls", ["-l", `/proc/${child.pid}/fd`]).toString(), { timeout: 60_000 })
      .toContain(place("pipe"));
    writeFileSync(place("pipe"), text);
    const { code, stdout } = await done;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).task.prompt).toBe(text);
  });

  it("that never comes ends with Ctrl-C", async () => {
    execFileSync("mkfifo", [place("pipe")]);
    const { child, done } = typed("--prompt-file pipe");
    await expect
      .poll(() => execFileSync("ls", ["-l", `/proc/${child.pid}/fd`]).toString(), { timeout: 60_000 })
      .toContain(place("pipe"));
    child.kill("SIGINT");
    expect(await done).toMatchObject({ signal: "SIGINT" });
  });

  it.each([
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16 as PowerShell writes it", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16, big-endian", utf16be(text)],
  ])("is decoded from %s", async (_, bytes) => {
    writeFileSync(place("prompt.txt"), bytes);
    expect((await plan("--prompt-file prompt.txt")).task.prompt).toBe(text);
    expect((await plan("< prompt.txt")).task.prompt).toBe(text);
  });

  it.each([
    ["Latin-1", Buffer.from("Grüße", "latin1"), "is not valid UTF-8", "iconv -f ISO-8859-1"],
    ["UTF-16 without a mark", Buffer.from("abc", "utf16le"), "is not a text", "UTF-8"],
  ])("in %s is refused with a hint", async (_, bytes, message, hint) => {
    writeFileSync(place("prompt.txt"), bytes);
    for (const options of ["--prompt-file prompt.txt", "< prompt.txt", "--prompt-file <(cat prompt.txt)"]) {
      const { code, stderr } = await typed(options).done;
      expect({ code, stderr }).toMatchObject({ code: 2 });
      expect(stderr).toContain(message);
      expect(stderr).toContain(hint);
    }
  });

  it.each([
    ["a directory", ".", "is a directory, not a file"],
    ["an endless device", "/dev/zero", "is a device, not a file"],
    ["an endless pipe", "<(cat /dev/zero)", "is larger than"],
    ["a descriptor that is not open", "/dev/fd/63", "is not open in this process"],
  ])("from %s is refused", async (_, path, message) => {
    const { code, stderr } = await typed(`--prompt-file ${path}`).done;
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toContain(message);
  });
});

describe("a file of variables", () => {
  it.each([
    ["a shell's <(...)", "--env-file <(printf 'A=one\\nB=two\\n')", {}],
    ["/dev/stdin", "--env-file /dev/stdin", { stdin: "A=one\nB=two\n" }],
  ])("is read from %s", async (_, options, extra) => {
    expect((await plan(`${options} prompt`, extra)).env).toMatchObject({ A: "one", B: "two" });
  });

  it("may be empty, as /dev/null is", async () => {
    await plan("--env-file /dev/null --env-file <(true) prompt");
  });

  it.each([
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeffA=${text}\r\n`)],
    ["UTF-16 as PowerShell writes it", Buffer.from(`\ufeffA=${text}\r\n`, "utf16le")],
  ])("is decoded from %s", async (_, bytes) => {
    writeFileSync(place("a.env"), bytes);
    expect((await plan("--env-file a.env prompt")).env).toMatchObject({ A: text });
  });

  it("in Latin-1 is refused with a hint", async () => {
    writeFileSync(place("a.env"), Buffer.from("A=Grüße\n", "latin1"));
    const { code, stderr } = await typed("--env-file a.env prompt").done;
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toContain("a.env is not valid UTF-8");
  });
});

describe("a configuration that PowerShell wrote", () => {
  it.each(["glovebox.config.json", "../home/config.json"])("is read: %s", async (name) => {
    mkdirSync(stage.home, { recursive: true });
    writeFileSync(place(name), Buffer.from('\ufeff{ "model": "from-utf-16" }', "utf16le"));
    expect((await plan("prompt")).task).toMatchObject({ model: "from-utf-16" });
    rmSync(place(name));
  });
});

describe("the project's .env", () => {
  const shapes: [string, () => void][] = [
    ["a pipe", () => execFileSync("mkfifo", [place(".env")])],
    ["a directory, as a Python environment is", () => mkdirSync(place(".env"))],
    ["a link to an endless device", () => symlinkSync("/dev/zero", place(".env"))],
    ["no text", () => writeFileSync(place(".env"), Buffer.from([0xff, 0x00, 0x80]))],
  ];
  it.each(shapes)("does not matter when it is %s and a key is known", async (_, make) => {
    make();
    await plan("prompt");
  });

  it.each(shapes)("is named when it is %s and no key is known", async (_, make) => {
    make();
    const { code, stderr } = await typed("prompt", { env: { ANTHROPIC_API_KEY: "" } }).done;
    expect({ code, stderr }).toMatchObject({ code: 3 });
    expect(stderr).toContain(`No credential for the model was found: ${place(".env")} is `);
  });
});
