import { type OutputChunk, type ProcessExit, SandboxLostError, type SandboxProcess } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { LinkedProcess } from "./linked-process.ts";
import { SupervisorLink } from "./supervisor-link.ts";

const broken = new SandboxLostError("broken", { providerId: "fake" });
const exited: ProcessExit = { exitCode: 0, reason: "exited" };
const lost: ProcessExit = { exitCode: null, reason: "lost" };
const first: OutputChunk = { stream: "stdout", bytes: Buffer.from("one"), offset: 0 };
const second: OutputChunk = { stream: "stdout", bytes: Buffer.from("two"), offset: 3 };

describe("the output of a process whose connection breaks", () => {
  it("says that the provider connects again, and continues with the first byte that was not read", async () => {
    const { process, attached } = processOver(async () => processOf([second]));
    expect(await collect(process)).toEqual([first, { reconnecting: true, offset: 3 }, second]);
    expect(attached).toEqual([3]);
  });

  it("is lost when no connection can be made", async () => {
    const { process } = processOver(async () => {
      throw broken;
    });
    await expect(collect(process)).rejects.toBe(broken);
  });
});

describe("the exit of a process whose connection breaks", () => {
  it("is learnt from the next connection", async () => {
    const { process } = processOver(async () => processOf([second]), lost);
    expect(await process.exit).toEqual({ exitCode: 0, reason: "exited" });
  });

  it("is lost when every attempt to resume it breaks at once", async () => {
    const { process, attached } = processOver(async () => processOf([second], broken, lost), lost);
    expect(await process.exit).toEqual(lost);
    expect(attached).toHaveLength(8);
  });
});

describe("a process whose connections break one after another", () => {
  it("is followed to its end while each of them brings output", async () => {
    const pieces = 8;
    const { process } = processOver(
      async (from) =>
        from < pieces ? slowProcess([{ stream: "stdout", bytes: Buffer.from("x"), offset: from }]) : processOf([]),
      immediate(lost),
    );
    const output = await collect(process);
    expect(output.filter((chunk) => "bytes" in chunk).map(({ offset }) => offset)).toEqual([0, 3, 4, 5, 6, 7]);
    expect(await process.exit).toEqual(exited);
  });

  it("is followed to its end where it is silent, while each of them holds for ten seconds", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let attempts = 0;
    const { process } = processOver(async () => {
      attempts += 1;
      return attempts < 20 ? silentProcess() : processOf([second]);
    });
    expect((await collect(process)).at(-1)).toEqual(second);
  });

  it("is asked for on eight of them", async () => {
    let attempts = 0;
    const { process } = processOver(async () => {
      attempts += 1;
      if (attempts < 8) throw broken;
      return processOf([second]);
    });
    expect(await collect(process)).toEqual([first, { reconnecting: true, offset: 3 }, second]);
  });
});

function processOver(reattach: (from: number) => Promise<SandboxProcess>, exit?: ProcessExit | Promise<ProcessExit>) {
  const attached: number[] = [];
  const connect = () => {
    const connection = {
      closed: Promise.resolve(),
      attach: async (_id: string, from: number) => {
        attached.push(from);
        return reattach(from);
      },
    };
    // Only what a process calls is there.
    return connection as unknown as SupervisorConnection;
  };
  const provider = { id: "fake", name: "Fake" };
  const link = new SupervisorLink({ provider, connection: connect(), reopen: async () => connect() });
  return { process: new LinkedProcess(link, processOf([first], broken, exit), 0), attached };
}

function processOf(
  chunks: readonly OutputChunk[],
  end?: Error,
  ended: ProcessExit | Promise<ProcessExit> = exited,
): SandboxProcess {
  async function* read(): AsyncGenerator<OutputChunk> {
    yield* chunks;
    if (end) throw end;
  }
  const exit = Promise.resolve(ended);
  return { id: "1", output: read(), exit, write: async () => {}, closeInput: async () => {}, kill: async () => {} };
}

/** Its output comes after a turn, and it breaks then. */
function slowProcess(chunks: readonly OutputChunk[]): SandboxProcess {
  async function* read(): AsyncGenerator<OutputChunk> {
    await immediate(undefined);
    yield* chunks;
    throw broken;
  }
  return { ...processOf([]), output: read(), exit: immediate(lost) };
}

/** Its connection breaks after ten seconds of silence. */
function silentProcess(): SandboxProcess {
  // biome-ignore lint/correctness/useYield: it has no output.
  async function* read(): AsyncGenerator<OutputChunk> {
    vi.advanceTimersByTime(10_000);
    throw broken;
  }
  return { ...processOf([]), output: read() };
}

async function immediate<T>(value: T): Promise<T> {
  return new Promise((resolve) => setImmediate(() => resolve(value)));
}

async function collect(process: SandboxProcess): Promise<readonly OutputChunk[]> {
  const chunks: OutputChunk[] = [];
  for await (const chunk of process.output) chunks.push(chunk);
  return chunks;
}
