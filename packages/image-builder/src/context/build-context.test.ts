import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tar from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextDigest, readBuildContext, tarOfContext } from "./build-context.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "glovebox-context-"));
  await mkdir(join(directory, "a/b"), { recursive: true });
  const files = {
    Dockerfile: "FROM x",
    "keep.txt": "1",
    "a/secret.key": "2",
    "a/b/deep.key": "3",
    "a/b/wanted.key": "4",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  await symlink("../keep.txt", join(directory, "a/link"));
});
afterEach(() => rm(directory, { recursive: true }));

const read = () => readBuildContext(join(directory, "Dockerfile"));
const fileNames = async () => (await read()).files.filter((one) => !one.stats.isDirectory()).map((one) => one.name);

describe("a build context", () => {
  it("leaves out what .dockerignore names, and brings back its exceptions", async () => {
    await writeFile(join(directory, ".dockerignore"), "# keys\n**/*.key\na/b\n!a/b/wanted.key\nDockerfile\n");
    expect(await fileNames()).toEqual([".dockerignore", "Dockerfile", "a/b/wanted.key", "a/link", "keep.txt"]);
  });

  it("prefers the Dockerfile's own ignore file", async () => {
    await writeFile(join(directory, ".dockerignore"), "keep.txt\n");
    await writeFile(join(directory, "Dockerfile.dockerignore"), "a\n*ignore\n");
    expect(await fileNames()).toEqual(["Dockerfile", "keep.txt"]);
  });

  it("has another digest when a name, a mode or a byte changes, and the same when only a time does", async () => {
    const first = await contextDigest(await read());
    await utimes(join(directory, "keep.txt"), 1, 1);
    expect(await contextDigest(await read())).toBe(first);
    await writeFile(join(directory, "keep.txt"), "9");
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
    await expect(readBuildContext(join(directory, "None"))).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("does not look at what .dockerignore names: a pipe, a link to a device, a directory that cannot be listed", async () => {
    await mkdir(join(directory, "left/out"), { recursive: true });
    execFileSync("mkfifo", [join(directory, "left/pipe"), join(directory, "left/out/.dockerignore")]);
    await symlink("/dev/zero", join(directory, "left/zero"));
    await symlink("loop", join(directory, "left/loop"));
    await writeFile(join(directory, ".dockerignore"), "left\n!left/none\n");
    expect(await fileNames()).not.toContain(expect.stringContaining("left/"));
    await contextDigest(await read());
  });

  it("leaves out names that are not UTF-8, and links that lead to such names, and names them", async () => {
    await writeFile(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from("gr\u00fc\u00df", "latin1")]), "x");
    await symlink(Buffer.from("gr\u00fc\u00df", "latin1"), join(directory, "to-latin"));
    const context = await read();
    expect(context.files.map((one) => one.name).filter((name) => /gr|latin/.test(name))).toEqual([]);
    expect(context.leftOut).toEqual(["gr\\xfc\\xdf", "to-latin -> gr\\xfc\\xdf"]);
    await writeFile(join(directory, ".dockerignore"), "gr*\nto-latin\n");
    expect((await read()).leftOut).toEqual([]);
    await contextDigest(context);
  });

  it.each([".dockerignore", "Dockerfile.dockerignore", "Dockerfile"])("refuses a pipe as %s", async (name) => {
    await rm(join(directory, name), { force: true });
    execFileSync("mkfifo", [join(directory, name)]);
    await expect(read()).rejects.toThrow(`${join(directory, name)} is a named pipe, not a file`);
  });
});
