import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { processStream } from "./process-stream.ts";

describe("processStream", () => {
  it("carries bytes to a process and back, and ends with it", async () => {
    const stream = processStream(spawn("cat"));
    stream.write("one ");
    stream.end("two");
    expect(await text(stream)).toBe("one two");
  });

  it("kills the process when it is destroyed", async () => {
    const child = spawn("sleep", ["1000"]);
    const exited = once(child, "exit");
    processStream(child).destroy();
    expect(await exited).toEqual([null, "SIGKILL"]);
  });

  it("fails when the program cannot be started", async () => {
    const stream = processStream(spawn("/no/such/program"));
    await expect(text(stream)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
