import { describe, expect, it } from "vitest";
import type { Sandbox } from "../provider/index.ts";
import { readTextFile } from "./read-text-file.ts";
import { writeTextFile } from "./write-text-file.ts";

/** A sandbox whose files are kept in memory. */
function memorySandbox(files: Record<string, Uint8Array> = {}) {
  const modes: Record<string, number | undefined> = {};
  const sandbox = {
    files: {
      async readStream(path: string) {
        const bytes = files[path] ?? Buffer.alloc(0);
        return (async function* () {
          for (const byte of bytes) yield Uint8Array.of(byte);
        })();
      },
      async writeStream(path: string, body: AsyncIterable<Uint8Array>, { mode }: { readonly mode?: number } = {}) {
        const pieces: Uint8Array[] = [];
        for await (const piece of body) pieces.push(piece);
        files[path] = Buffer.concat(pieces);
        modes[path] = mode;
      },
    },
  };
  return { sandbox: sandbox as unknown as Pick<Sandbox, "files">, files, modes };
}

describe("text files of a sandbox", () => {
  it.each(["utf8", "utf16le", "latin1"] as const)("come back as they were written in %s", async (encoding) => {
    const { sandbox } = memorySandbox();
    await writeTextFile(sandbox, "a.txt", "grün\n", { encoding });
    expect(await readTextFile(sandbox, "a.txt", { encoding })).toBe("grün\n");
  });

  it("are found below /workspace, and by absolute paths", async () => {
    const { sandbox, files, modes } = memorySandbox();
    await writeTextFile(sandbox, "src/a.sh", "a", { mode: 0o755 });
    await writeTextFile(sandbox, "/tmp/b.txt", "b");
    expect(Object.keys(files)).toEqual(["/workspace/src/a.sh", "/tmp/b.txt"]);
    expect(modes).toEqual({ "/workspace/src/a.sh": 0o755, "/tmp/b.txt": undefined });
  });

  it("may be empty, and larger than one piece", async () => {
    const { sandbox } = memorySandbox();
    await writeTextFile(sandbox, "empty", "");
    expect(await readTextFile(sandbox, "empty")).toBe("");
    const text = "ä".repeat(300_000);
    await writeTextFile(sandbox, "large", text);
    expect(await readTextFile(sandbox, "large")).toBe(text);
  });

  it("are read without their byte order mark", async () => {
    const { sandbox } = memorySandbox({ "/workspace/a": Buffer.from("\ufeffa") });
    expect(await readTextFile(sandbox, "a")).toBe("a");
  });

  it("are refused as a whole when they are too large", async () => {
    const { sandbox } = memorySandbox({ "/workspace/a": Buffer.alloc(11) });
    await expect(readTextFile(sandbox, "a", { maxBytes: 10 })).rejects.toMatchObject({
      code: "file",
      message: "/workspace/a is larger than 10 bytes",
      hint: expect.stringContaining("readStream"),
    });
    expect(await readTextFile(sandbox, "a", { maxBytes: 11 })).toHaveLength(11);
    await expect(readTextFile(sandbox, "a", { maxBytes: -1 })).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("are refused when their bytes or characters do not fit the encoding", async () => {
    const { sandbox } = memorySandbox({ "/workspace/a": Buffer.from([0xff, 0xfe, 0x00]) });
    await expect(readTextFile(sandbox, "a")).rejects.toMatchObject({ code: "file" });
    await expect(writeTextFile(sandbox, "b", "€", { encoding: "latin1" })).rejects.toMatchObject({ code: "file" });
  });
});
