import { expect, test } from "vitest";
import { ConnectFailure } from "./connect-failure.ts";
import { endFrame, messageFrame, readFrames } from "./frame.ts";

async function* pieces(...chunks: Buffer[]): AsyncGenerator<Buffer, void, undefined> {
  yield* chunks;
}

async function read(chunks: Buffer[], maxBytes = 100): Promise<string[]> {
  const found: string[] = [];
  for await (const json of readFrames(pieces(...chunks), maxBytes)) found.push(json);
  return found;
}

test("a frame is its flags, its length and its text", () => {
  expect([...messageFrame('"ü"')]).toEqual([0, 0, 0, 0, 4, 0x22, 0xc3, 0xbc, 0x22]);
  expect(endFrame().toString("latin1")).toBe("\x02\0\0\0\x02{}");
  expect(endFrame(new ConnectFailure("not_found", "no")).subarray(5).toString()).toBe(
    '{"error":{"code":"not_found","message":"no"}}',
  );
});

test("frames are found however they are cut", async () => {
  const bytes = Buffer.concat([messageFrame("{}"), messageFrame('{"a":1}'), messageFrame("[]"), endFrame()]);
  const expected = ["{}", '{"a":1}', "[]"];
  expect(await read([bytes])).toEqual(expected);
  expect(await read([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
  for (let at = 1; at < bytes.length; at += 1) {
    expect(await read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
  }
});

test.each([
  { name: "too long", bytes: messageFrame("x".repeat(101)), code: "resource_exhausted" },
  { name: "compressed", bytes: Buffer.from([1, 0, 0, 0, 0]), code: "unimplemented" },
  { name: "cut off in its head", bytes: Buffer.from([0, 0]), code: "invalid_argument" },
  { name: "cut off in its text", bytes: messageFrame("{}").subarray(0, -1), code: "invalid_argument" },
])("one that is $name is refused", async ({ bytes, code }) => {
  await expect(read([bytes])).rejects.toMatchObject({ code });
});
