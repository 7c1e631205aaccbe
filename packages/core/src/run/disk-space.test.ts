import { describe, expect, it } from "vitest";
import { isRefusedForSpace, readDisks } from "./disk-space.ts";

describe("the disks of a sandbox", () => {
  it("are reported once each when they are full, with what makes room", () => {
    const printed = [
      "abc 100 4096 9 1000 /workspace",
      "abc 100 4096 9 1000 /home/agent",
      "0 0 4096 500 1000 /tmp",
      "0 255 4096 500 1000 /dev/shm",
      "stat: cannot read file system information",
      "0 0 4096 0 0 /elsewhere",
    ].join("\n");
    expect(readDisks(printed)).toEqual([
      {
        message: expect.stringMatching(/^The disk that holds \/workspace is full: .*Make room/),
        remedy: { raise: "diskMiB" },
      },
      { message: expect.stringMatching(/^The disk that holds \/tmp is full: /), remedy: { raise: "tmpMiB" } },
      { message: expect.stringMatching(/^The disk that holds \/dev\/shm is full: /), remedy: { raise: "shmMiB" } },
    ]);
  });

  it("are reported when they can hold no more files, and not where a file system has no number of them", () => {
    expect(readDisks("a 999999 4096 0 1000 /workspace\nb 999999 4096 0 0 /tmp")).toEqual([
      expect.objectContaining({ message: expect.stringContaining("/workspace can hold no more files") }),
    ]);
  });

  it("are not reported while there is room", () => {
    expect(readDisks("a 256 4096 1 1000 /workspace\nb 999 4096 5 9 /tmp")).toEqual([]);
    expect(readDisks("")).toEqual([]);
    expect(readDisks("x y z /workspace\na b c d e /workspace")).toEqual([]);
  });
});

it.each([
  ["Error: ENOSPC: no space left on device, write", "error", true],
  ["cp: error writing 'b': No space left on device", "error", true],
  ["touch: cannot touch 'x': Disk quota exceeded", "error", true],
  ["No space left on device", "ok", false],
  ["there is space", "error", false],
] as const)("takes %j of a tool that ended with %s for a refusal: %j", (output, status, is) => {
  expect(isRefusedForSpace({ type: "tool.end", callId: "c", status, output })).toBe(is);
});
