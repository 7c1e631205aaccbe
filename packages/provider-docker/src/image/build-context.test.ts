import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tar from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextDigest, readBuildContext, tarOfContext } from "./build-context.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glovebox-context-"));
  await mkdir(join(folder, "a/b"), { recursive: true });
  const files = {
    Dockerfile: "FROM x",
    "keep.txt": "1",
    "a/secret.key": "2",
    "a/b/deep.key": "3",
    "a/b/wanted.key": "4",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await symlink("../keep.txt", join(folder, "a/link"));
});
afterEach(() => rm(folder, { recursive: true }));

const read = () => readBuildContext(join(folder, "Dockerfile"));
const fileNames = async () => (await read()).files.filter((one) => !one.stats.isDirectory()).map((one) => one.name);

describe("a build context", () => {
  it("leaves out what .dockerignore names, and brings back its exceptions", async () => {
    await writeFile(join(folder, ".dockerignore"), "# keys\n**/*.key\na/b\n!a/b/wanted.key\nDockerfile\n");
    expect(await fileNames()).toEqual([".dockerignore", "Dockerfile", "a/b/wanted.key", "a/link", "keep.txt"]);
  });

  it("prefers the Dockerfile's own ignore file", async () => {
    await writeFile(join(folder, ".dockerignore"), "keep.txt\n");
    await writeFile(join(folder, "Dockerfile.dockerignore"), "a\n*ignore\n");
    expect(await fileNames()).toEqual(["Dockerfile", "keep.txt"]);
  });

  it("has another digest when a name, a mode or a byte changes, and the same when only a time does", async () => {
    const first = await contextDigest(await read());
    await utimes(join(folder, "keep.txt"), 1, 1);
    expect(await contextDigest(await read())).toBe(first);
    await writeFile(join(folder, "keep.txt"), "9");
    expect(await contextDigest(await read())).not.toBe(first);
  });

  it("is sent with links as links, and with the text given for the Dockerfile", async () => {
    const seen: Record<string, string> = {};
    for await (const entry of tarOfContext(await read(), "FROM y").pipe(tar.extract())) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      seen[entry.header.name] = entry.header.linkname ?? Buffer.concat(chunks).toString();
    }
    expect(seen).toMatchObject({ Dockerfile: "FROM y", "a/link": "../keep.txt", "a/b/deep.key": "3" });
  });

  it("refuses a Dockerfile that is not there", async () => {
    await expect(readBuildContext(join(folder, "None"))).rejects.toMatchObject({ code: "invalid-options" });
  });
});
