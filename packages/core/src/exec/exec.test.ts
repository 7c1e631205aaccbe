import { afterEach, describe, expect, it, vi } from "vitest";
import type { OutputChunk, ProcessExit, Sandbox, SandboxProcess, SpawnOptions } from "../provider/index.ts";
import { SandboxLostError } from "../provider/index.ts";
import { exec } from "./exec.ts";

interface Program {
  readonly output?: () => AsyncIterable<OutputChunk>;
  readonly exit?: Promise<ProcessExit>;
}

/** A sandbox that runs nothing: each program prints and ends as the test says. */
class FakeSandbox implements Pick<Sandbox, "spawn"> {
  readonly spawned: { argv: readonly string[]; options: SpawnOptions }[] = [];
  kills = 0;
  readonly #program: Program;

  constructor(program: Program = {}) {
    this.#program = program;
  }

  async spawn(argv: readonly [string, ...string[]], options: SpawnOptions = {}): Promise<SandboxProcess> {
    this.spawned.push({ argv, options });
    return {
      id: "1",
      output: this.#program.output?.() ?? printing(),
      exit: this.#program.exit ?? Promise.resolve({ exitCode: 0, reason: "exited" }),
      write: async () => {},
      closeInput: async () => {},
      kill: async () => {
        this.kills += 1;
      },
    };
  }
}

async function* printing(...pieces: ["stdout" | "stderr", string | Uint8Array][]): AsyncGenerator<OutputChunk> {
  let offset = 0;
  for (const [stream, piece] of pieces) {
    const bytes = Buffer.from(piece);
    yield { stream, bytes, offset };
    offset += bytes.length;
  }
}

async function* never(): AsyncGenerator<OutputChunk> {
  await new Promise(() => {});
}

afterEach(() => vi.restoreAllMocks());

describe("exec", () => {
  it("returns both streams without their final newline, and the exit code", async () => {
    const sandbox = new FakeSandbox({
      output: () => printing(["stdout", "one\n"], ["stderr", "careful\n"], ["stdout", "two\n"]),
      exit: Promise.resolve({ exitCode: 3, reason: "exited" }),
    });
    expect(await exec(sandbox, ["program"])).toEqual({
      stdout: "one\ntwo",
      stderr: "careful",
      exitCode: 3,
      reason: "exited",
      timedOut: false,
      stdoutTruncated: false,
      stderrTruncated: false,
    });
  });

  it("passes the input, the directory, the environment and the timeout to the program", async () => {
    const sandbox = new FakeSandbox();
    await exec(sandbox, ["cat"], { input: "hi", cwd: "/tmp", env: { A: "1" }, timeoutMs: 5000 });
    expect(sandbox.spawned).toEqual([
      { argv: ["cat"], options: { stdin: Buffer.from("hi"), cwd: "/tmp", env: { A: "1" }, timeoutMs: 5000 } },
    ]);
  });

  it("keeps the final newline on request", async () => {
    const sandbox = new FakeSandbox({ output: () => printing(["stdout", "one\n"]) });
    expect((await exec(sandbox, ["program"], { stripFinalNewline: false })).stdout).toBe("one\n");
  });

  it("returns bytes as they are with the encoding buffer", async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x0a]);
    const { stdout } = await exec(new FakeSandbox({ output: () => printing(["stdout", bytes]) }), ["program"], {
      encoding: "buffer",
    });
    expect(stdout).toEqual(bytes);
  });

  it("keeps the first maxBytes of each stream and reads the rest without keeping it", async () => {
    let read = 0;
    const sandbox = new FakeSandbox({
      async *output() {
        for (; read < 100_000; read += 1000) yield { stream: "stdout", bytes: Buffer.alloc(1000, "o"), offset: read };
        yield { stream: "stderr", bytes: Buffer.from("e"), offset: read };
      },
    });
    const result = await exec(sandbox, ["program"], { maxBytes: 1500 });
    expect(read).toBe(100_000);
    expect(result).toMatchObject({ stdout: "o".repeat(1500), stdoutTruncated: true });
    expect(result).toMatchObject({ stderr: "e", stderrTruncated: false });
  });

  it("does not return half a character where maxBytes cuts one", async () => {
    const sandbox = new FakeSandbox({ output: () => printing(["stdout", "a€"]) });
    expect((await exec(sandbox, ["program"], { maxBytes: 2 })).stdout).toBe("a");
  });

  it("passes output on as it arrives", async () => {
    const seen: string[] = [];
    const sandbox = new FakeSandbox({
      output: () => printing(["stdout", "one"], ["stderr", "bad"], ["stdout", "two"]),
    });
    await exec(sandbox, ["program"], {
      onStdout: (bytes) => seen.push(`out ${Buffer.from(bytes)}`),
      onStderr: (bytes) => seen.push(`err ${Buffer.from(bytes)}`),
    });
    expect(seen).toEqual(["out one", "err bad", "out two"]);
  });

  it("kills the program when a listener throws, and rejects with its error", async () => {
    const sandbox = new FakeSandbox({ output: () => printing(["stdout", "one"]) });
    const onStdout = () => {
      throw new Error("enough");
    };
    await expect(exec(sandbox, ["program"], { onStdout })).rejects.toThrow("enough");
    expect(sandbox.kills).toBe(1);
  });

  it("returns what a program printed before its timeout, and no exit code", async () => {
    const sandbox = new FakeSandbox({
      output: () => printing(["stdout", "started"]),
      exit: Promise.resolve({ exitCode: null, signal: "SIGKILL", reason: "timeout" }),
    });
    expect(await exec(sandbox, ["program"], { timeoutMs: 10 })).toMatchObject({
      stdout: "started",
      exitCode: null,
      signal: "SIGKILL",
      timedOut: true,
    });
  });

  it.each<[string, Program]>([
    ["the exit is lost", { exit: Promise.resolve({ exitCode: null, reason: "lost" }) }],
    [
      "the output breaks off",
      {
        async *output() {
          yield { stream: "stdout", bytes: Buffer.from("half"), offset: 0 };
          throw new SandboxLostError("the connection broke");
        },
      },
    ],
    [
      "a part of the output is missing",
      {
        async *output() {
          yield { gap: 10, offset: 0 };
        },
      },
    ],
  ])("rejects with lost and kills the program when %s", async (_, program) => {
    const sandbox = new FakeSandbox(program);
    await expect(exec(sandbox, ["program"])).rejects.toMatchObject({ code: "lost" });
    expect(sandbox.kills).toBe(1);
  });

  it("kills the program when the signal is aborted, and rejects with aborted", async () => {
    const stop = new AbortController();
    const sandbox = new FakeSandbox({ output: never, exit: new Promise(() => {}) });
    const running = exec(sandbox, ["program"], { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(sandbox.kills).toBe(1);
  });

  it("starts nothing when the signal is aborted already", async () => {
    const sandbox = new FakeSandbox();
    await expect(exec(sandbox, ["program"], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(sandbox.spawned).toEqual([]);
  });

  it("rejects with timeout when the sandbox does not report the program's end", async () => {
    const delayed = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(delayed.signal);
    const sandbox = new FakeSandbox({ output: never, exit: new Promise(() => {}) });
    const running = exec(sandbox, ["program"], { timeoutMs: 1000 });
    delayed.abort(new DOMException("too late", "TimeoutError"));
    await expect(running).rejects.toMatchObject({ code: "timeout" });
    expect(timeout).toHaveBeenCalledWith(31_000);
    expect(sandbox.kills).toBe(1);
  });

  it("explains argv when it gets a command line", async () => {
    const sandbox = new FakeSandbox();
    await expect(exec(sandbox, "ls -la" as never)).rejects.toMatchObject({
      code: "invalid-options",
      hint: expect.stringContaining('["ls", "-la"]'),
    });
    expect(sandbox.spawned).toEqual([]);
  });

  it("rejects a maxBytes that is not a number of bytes", async () => {
    await expect(exec(new FakeSandbox(), ["program"], { maxBytes: -1 })).rejects.toMatchObject({
      code: "invalid-options",
    });
  });
});
