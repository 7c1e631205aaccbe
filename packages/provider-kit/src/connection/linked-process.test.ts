import { type OutputChunk, type ProcessExit, SandboxLostError, type SandboxProcess } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { describe, expect, it } from "vitest";
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
    expect(attached).toHaveLength(3);
  });
});

function processOver(reattach: () => Promise<SandboxProcess>, exit?: ProcessExit) {
  const attached: number[] = [];
  const connect = () => {
    const connection = {
      closed: Promise.resolve(),
      attach: async (_id: string, from: number) => {
        attached.push(from);
        return reattach();
      },
    };
    // Only what a process calls is there.
    return connection as unknown as SupervisorConnection;
  };
  const provider = { id: "fake", name: "Fake" };
  const link = new SupervisorLink({ provider, connection: connect(), reopen: async () => connect() });
  return { process: new LinkedProcess(link, processOf([first], broken, exit), 0), attached };
}

function processOf(chunks: readonly OutputChunk[], end?: Error, ended: ProcessExit = exited): SandboxProcess {
  async function* read(): AsyncGenerator<OutputChunk> {
    yield* chunks;
    if (end) throw end;
  }
  const exit = Promise.resolve(ended);
  return { id: "1", output: read(), exit, write: async () => {}, closeInput: async () => {}, kill: async () => {} };
}

async function collect(process: SandboxProcess): Promise<readonly OutputChunk[]> {
  const chunks: OutputChunk[] = [];
  for await (const chunk of process.output) chunks.push(chunk);
  return chunks;
}
