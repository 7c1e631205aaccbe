import { createHash } from "node:crypto";
import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect, firstText, run, sh } from "./collect.ts";
import { type Guest, startGuest } from "./start-guest.ts";

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest[Symbol.asyncDispose]());

/** More than the ring holds. */
const longLines = 3_000_000;

describe("output", () => {
  it("is bytes, of both streams, each in its order", async () => {
    const script = "printf '\\000\\377\\303'; printf 'err' >&2; printf '\\251'";
    const { stdout, stderr } = await run(guest.connection, sh(script));
    expect([...stdout]).toEqual([0, 255, 0xc3, 0xa9]);
    expect(stderr.toString()).toBe("err");
  });

  it("of 100 MB reaches a slow reader whole, and the process waits for it", async () => {
    const process = await guest.connection.spawn(sh("seq 1 13000000 | head -c 100000000"));
    const hash = createHash("sha256");
    let bytes = 0;
    let turns = 0;
    for await (const chunk of process.output) {
      if (!("bytes" in chunk)) throw new Error("Something is missing.");
      hash.update(chunk.bytes);
      bytes += chunk.bytes.length;
      turns += 1;
      if (turns % 64 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const direct = await run(guest.connection, sh("seq 1 13000000 | head -c 100000000 | sha256sum"));
    expect(bytes).toBe(100_000_000);
    expect(direct.stdout.toString()).toContain(hash.digest("hex"));
  });

  it("holds an attached process up once nobody reads what is more than the ring", async () => {
    const process = await guest.connection.spawn(sh("head -c 200000000 /dev/zero; echo done"));
    const output = process.output[Symbol.asyncIterator]();
    await output.next();
    await run(guest.connection, ["true"]);
    const [listed] = (await guest.connection.processes()).filter(({ id }) => id === process.id);
    expect(listed?.exit).toBeUndefined();
    await output.return?.();
    expect((await process.exit).reason).toBe("exited");
  });

  it("of a detached process never holds it up; a late reader sees the gap", async () => {
    const process = await guest.connection.spawn(sh(`seq 1 ${longLines}`), { output: "detached" });
    expect(await process.exit).toEqual({ exitCode: 0, reason: "exited" });
    const reader = await collect(await guest.connection.attach(process.id, 0));
    expect(reader.gaps).toBeGreaterThan(10_000_000);
    expect(reader.stdout.toString().endsWith(`\n${longLines}\n`)).toBe(true);
  });

  it("of a million tiny pieces of both streams stays in bounds and in order", async () => {
    const script = "i=0; while [ $i -lt 20000 ]; do printf o; printf e >&2; i=$((i+1)); done";
    const { stdout, stderr, gaps } = await run(guest.connection, sh(script));
    expect({ out: stdout.length, err: stderr.length, gaps }).toEqual({ out: 20_000, err: 20_000, gaps: 0 });
  });
});

describe("attach", () => {
  it("reads from any offset, also after the end, as often as one likes", async () => {
    const process = await guest.connection.spawn(sh("printf 0123456789; exit 4"));
    await process.exit;
    for (const from of [0, 3, 9, 10]) {
      const attached = await guest.connection.attach(process.id, from);
      const { stdout, exit } = await collect(attached, from);
      expect({ text: stdout.toString(), exit }).toEqual({
        text: "0123456789".slice(from),
        exit: { exitCode: 4, reason: "exited" },
      });
    }
  });

  it("gives two readers at once the same", async () => {
    const process = await guest.connection.spawn(sh("seq 1 500000"));
    const other = await guest.connection.attach(process.id, 0);
    const [one, two] = await Promise.all([collect(process), collect(other)]);
    expect(one.gaps).toBe(0);
    expect(two.gaps + two.stdout.length).toBe(one.stdout.length);
    expect(one.stdout.subarray(two.gaps).equals(two.stdout)).toBe(true);
  });

  it("writes and closes the input", async () => {
    const process = await guest.connection.spawn(["cat"], { stdin: "open" });
    const attached = await guest.connection.attach(process.id, 0);
    await attached.write(Buffer.from("hello"));
    expect(await firstText(attached.output[Symbol.asyncIterator]())).toBe("hello");
    await attached.closeInput();
    expect(await attached.exit).toEqual({ exitCode: 0, reason: "exited" });
  });

  it("knows neither unknown ids nor offsets beyond the end", async () => {
    await expect(guest.connection.attach("nobody", 0)).rejects.toBeInstanceOf(SandboxNotFoundError);
    const process = await guest.connection.spawn(["true"]);
    await expect(guest.connection.attach(process.id, 1)).rejects.toBeInstanceOf(InvalidOptionsError);
  });
});
