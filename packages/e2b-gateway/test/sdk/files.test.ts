import { AuthenticationError, FileNotFoundError, InvalidArgumentError, NotFoundError, type Sandbox } from "e2b";
import { beforeAll, describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await fixture.keep();
});

describe("write and read", () => {
  test("text, and the written entry is returned", async () => {
    const info = await sandbox.files.write("hello.txt", "Hello ☃");
    expect(info).toEqual({ name: "hello.txt", type: "file", path: "/home/user/hello.txt" });
    expect(await sandbox.files.read("hello.txt")).toBe("Hello ☃");
    await sandbox.files.write("hello.txt", "short");
    expect(await sandbox.files.read("/home/user/hello.txt", { format: "text" })).toBe("short");
  });

  test("every form in and out", async () => {
    const bytes = new Uint8Array(70_000).map((_, index) => (index * 7) % 256);
    const forms = {
      buffer: bytes.buffer,
      blob: new Blob([bytes]),
      stream: new Blob([bytes]).stream(),
    };
    for (const [form, data] of Object.entries(forms)) {
      await sandbox.files.write(`forms/${form}`, data);
      expect(await sandbox.files.read(`forms/${form}`, { format: "bytes" })).toEqual(bytes);
    }
    const blob = await sandbox.files.read("forms/blob", { format: "blob" });
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(bytes);
    const stream = await sandbox.files.read("forms/stream", { format: "stream" });
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(bytes);
  });

  test("an empty file is an empty file in every form", async () => {
    await sandbox.files.write("empty", "");
    expect(await sandbox.files.read("empty")).toBe("");
    expect(await sandbox.files.read("empty", { format: "bytes" })).toEqual(new Uint8Array());
    expect((await sandbox.files.read("empty", { format: "blob" })).size).toBe(0);
    const stream = await sandbox.files.read("empty", { format: "stream" });
    expect(await new Response(stream).text()).toBe("");
    expect((await sandbox.files.getInfo("empty")).size).toBe(0);
  });

  test("many at once, some far away; none at all", async () => {
    const files = Array.from({ length: 10 }, (_, index) => ({
      path: index % 2 === 0 ? `/far/${index}/file.txt` : `/home/user/near/file-${index}.txt`,
      data: `content ${index}`,
    }));
    const written = await sandbox.files.write(files, { user: "root" });
    expect(written.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    for (const { path, data } of files) expect(await sandbox.files.read(path)).toBe(data);
    expect(await sandbox.files.write([])).toEqual([]);
    const [single] = await sandbox.files.writeFiles([{ path: "single.txt", data: "one" }]);
    expect(single?.path).toBe("/home/user/single.txt");
  });

  test("octet-stream and gzip, each way", async () => {
    const text = "compressible ".repeat(10_000);
    for (const write of [{ gzip: true }, { useOctetStream: true }, { gzip: true, useOctetStream: true }, {}]) {
      const info = await sandbox.files.write("packed.txt", text, write);
      expect(info.path).toBe("/home/user/packed.txt");
      expect(await sandbox.files.read("packed.txt")).toBe(text);
      expect(await sandbox.files.read("packed.txt", { gzip: true })).toBe(text);
      expect((await sandbox.files.getInfo("packed.txt")).size).toBe(text.length);
    }
    const several = await sandbox.files.writeFiles(
      ["a", "b"].map((name) => ({ path: `packed/${name}`, data: name })),
      { gzip: true },
    );
    expect(several.map(({ name }) => name)).toEqual(["a", "b"]);
    const bytes = await sandbox.files.read("packed/a", { format: "bytes", gzip: true });
    expect(new TextDecoder().decode(bytes)).toBe("a");
  });

  test("64 MB streamed both ways", async () => {
    const chunk = new Uint8Array(1 << 20).map((_, index) => (index * 31) % 251);
    let left = 64;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    await sandbox.files.write("large.bin", source);
    expect((await sandbox.files.getInfo("large.bin")).size).toBe(64 << 20);
    const { stdout } = await sandbox.commands.run(
      "head -c 1048576 large.bin | sha256sum; tail -c 1048576 large.bin | sha256sum",
    );
    expect(new Set(stdout.trim().split("\n")).size).toBe(1);
    let size = 0;
    for await (const part of await sandbox.files.read("large.bin", { format: "stream" })) size += part.byteLength;
    expect(size).toBe(64 << 20);
    await sandbox.files.remove("large.bin");
  });

  test.for(["with space.txt", "ünïcödé ☃.txt", "quotes'\".txt", "per%20cent+&?#.txt", "-dash", ".hidden"])(
    "a file named %j",
    async (name) => {
      const info = await sandbox.files.write(`names/${name}`, name);
      expect(info.name).toBe(name);
      expect(await sandbox.files.read(`names/${name}`)).toBe(name);
      expect((await sandbox.files.list("names")).map((entry) => entry.name)).toContain(name);
      await sandbox.files.remove(`names/${name}`);
      expect(await sandbox.files.exists(`names/${name}`)).toBe(false);
    },
  );

  test("what is not there is not found, and a directory is no file", async () => {
    await expect(sandbox.files.read("missing.txt")).rejects.toBeInstanceOf(FileNotFoundError);
    await expect(sandbox.files.read("missing.txt", { format: "stream" })).rejects.toBeInstanceOf(NotFoundError);
    await sandbox.files.makeDir("a-directory");
    await expect(sandbox.files.read("a-directory")).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(sandbox.files.write("a-directory", "x")).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test("a pseudo-file is read though it has no size", async () => {
    expect((await sandbox.files.read("/proc/self/status", { gzip: true })).length).toBeGreaterThan(0);
  });

  test("as another user: its home, its files", async () => {
    const info = await sandbox.files.write("of-root.txt", "root's", { user: "root" });
    expect(info.path).toBe("/root/of-root.txt");
    expect(await sandbox.files.read("of-root.txt", { user: "root" })).toBe("root's");
    expect(await sandbox.files.getInfo("of-root.txt", { user: "root" })).toMatchObject({
      owner: "root",
      group: "root",
    });
    await expect(sandbox.files.write("x", "x", { user: "nobody-here" })).rejects.toBeInstanceOf(AuthenticationError);
    await expect(sandbox.files.list(".", { user: "nobody-here" })).rejects.toBeInstanceOf(AuthenticationError);
  });

  test("~ is the user's home", async () => {
    await sandbox.files.write("~/tilde.txt", "tilde");
    expect(await sandbox.files.read("/home/user/tilde.txt")).toBe("tilde");
  });
});

describe("metadata", () => {
  const metadata = { author: "someone", purpose: "a test" };

  test("is kept with the file, through reads, lists and renames", async () => {
    for (const options of [{ metadata }, { metadata, useOctetStream: true }]) {
      const info = await sandbox.files.write("marked/file.txt", "content", options);
      expect(info.metadata).toEqual(metadata);
      expect((await sandbox.files.getInfo("marked/file.txt")).metadata).toEqual(metadata);
    }
    expect((await sandbox.files.list("marked"))[0]?.metadata).toEqual(metadata);
    const moved = await sandbox.files.rename("marked/file.txt", "marked/moved.txt");
    expect(moved.metadata).toEqual(metadata);
    const again = await sandbox.files.write("marked/moved.txt", "without");
    expect(again.metadata).toBeUndefined();
    expect((await sandbox.files.getInfo("marked/moved.txt")).metadata).toBeUndefined();
  });

  test("keys come back in lower case, and what a program inside sets is seen", async () => {
    await sandbox.files.write("cased.txt", "x", { metadata: { Author: "X" } });
    expect((await sandbox.files.getInfo("cased.txt")).metadata).toEqual({ author: "X" });
    await sandbox.files.write("inside.txt", "x");
    await sandbox.commands.run("setfattr -n user.e2b.author -v inside inside.txt");
    expect((await sandbox.files.getInfo("inside.txt")).metadata).toEqual({ author: "inside" });
  });
});

describe("entries", () => {
  test("a file, a directory and links, with all that is known of them", async () => {
    await sandbox.files.write("entries/file.txt", "12345");
    await sandbox.commands.run(
      "cd entries && mkdir directory && chmod 750 directory && ln -s file.txt link && ln -s /no/where dangling && chmod 600 file.txt",
    );
    const before = Date.now() - 60_000;
    const file = await sandbox.files.getInfo("entries/file.txt");
    expect(file).toMatchObject({
      name: "file.txt",
      type: "file",
      path: "/home/user/entries/file.txt",
      size: 5,
      mode: 0o600,
      permissions: "-rw-------",
      owner: "user",
      group: "user",
    });
    expect(file.modifiedTime?.getTime()).toBeGreaterThan(before);
    expect(file.symlinkTarget).toBeUndefined();
    expect(await sandbox.files.getInfo("entries/directory")).toMatchObject({
      type: "dir",
      mode: 0o750,
      permissions: "drwxr-x---",
    });
    const link = await sandbox.files.getInfo("entries/link");
    expect(link).toMatchObject({ name: "link", symlinkTarget: "/home/user/entries/file.txt" });
    expect(await sandbox.files.read("entries/link")).toBe("12345");
    const names = (await sandbox.files.list("entries")).map(({ name }) => name);
    // A link that leads nowhere is of no type that the SDK knows, and it leaves such out.
    expect(names).toEqual(["directory", "file.txt", "link"]);
    expect(await sandbox.files.exists("entries/dangling")).toBe(true);
    expect((await sandbox.files.getInfo("entries/dangling")).type).toBeUndefined();
  });

  test("written files and made directories have the usual modes", async () => {
    await sandbox.files.write("modes/file.txt", "x");
    await sandbox.files.makeDir("modes/directory");
    expect(await sandbox.files.getInfo("modes/file.txt")).toMatchObject({ mode: 0o644, permissions: "-rw-r--r--" });
    expect(await sandbox.files.getInfo("modes/directory")).toMatchObject({ mode: 0o755, permissions: "drwxr-xr-x" });
    const { stdout } = await sandbox.commands.run("stat -c '%U:%G' modes modes/file.txt modes/directory");
    expect(stdout).toBe("user:user\nuser:user\nuser:user\n");
  });

  test("list goes to the requested depth", async () => {
    for (const directory of ["one/a", "one/b", "two/c"]) await sandbox.files.makeDir(`tree/${directory}`);
    await sandbox.files.write("tree/file.txt", "x");
    const paths = async (depth?: number) =>
      (await sandbox.files.list("tree", depth === undefined ? {} : { depth })).map(({ path }) =>
        path.replace("/home/user/tree/", ""),
      );
    expect(await paths()).toEqual(["file.txt", "one", "two"]);
    expect(await paths(1)).toEqual(["file.txt", "one", "two"]);
    const all = ["file.txt", "one", "one/a", "one/b", "two", "two/c"];
    expect(await paths(2)).toEqual(all);
    expect(await paths(9)).toEqual(all);
    await expect(paths(-1)).rejects.toThrow("depth should be at least one");
    await expect(sandbox.files.list("no-such-directory")).rejects.toBeInstanceOf(FileNotFoundError);
    await expect(sandbox.files.list("tree/file.txt")).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(await sandbox.files.list("tree/one/a")).toEqual([]);
  });

  test("makeDir makes all on the way, and says whether it did", async () => {
    expect(await sandbox.files.makeDir("made/by/makeDir")).toBe(true);
    expect(await sandbox.files.makeDir("made/by/makeDir")).toBe(false);
    expect(await sandbox.files.exists("made/by")).toBe(true);
    await sandbox.files.write("made/file", "x");
    await expect(sandbox.files.makeDir("made/file")).rejects.toThrow();
  });

  test("rename moves files and directories, over what is there", async () => {
    await sandbox.files.write("moving/old.txt", "moved");
    const entry = await sandbox.files.rename("moving/old.txt", "moving/deeper/new.txt");
    expect(entry).toMatchObject({ name: "new.txt", path: "/home/user/moving/deeper/new.txt", type: "file", size: 5 });
    expect(await sandbox.files.exists("moving/old.txt")).toBe(false);
    expect(await sandbox.files.read("moving/deeper/new.txt")).toBe("moved");
    await sandbox.files.write("moving/other.txt", "over");
    await sandbox.files.rename("moving/other.txt", "moving/deeper/new.txt");
    expect(await sandbox.files.read("moving/deeper/new.txt")).toBe("over");
    await sandbox.files.rename("moving/deeper", "moving/renamed");
    expect(await sandbox.files.read("moving/renamed/new.txt")).toBe("over");
    await expect(sandbox.files.rename("moving/none", "moving/x")).rejects.toBeInstanceOf(FileNotFoundError);
  });

  test("remove takes files, links and whole directories, and what is not there too", async () => {
    await sandbox.files.write("removing/directory/file.txt", "x");
    await sandbox.commands.run("ln -s directory/file.txt removing/link");
    await sandbox.files.remove("removing/link");
    expect(await sandbox.files.exists("removing/link")).toBe(false);
    expect(await sandbox.files.exists("removing/directory/file.txt")).toBe(true);
    await sandbox.files.remove("removing");
    expect(await sandbox.files.exists("removing")).toBe(false);
    await sandbox.files.remove("removing");
  });

  test("exists, for directories too; getInfo of nothing is not found", async () => {
    expect(await sandbox.files.exists("/home/user")).toBe(true);
    expect(await sandbox.files.exists("/etc/passwd")).toBe(true);
    expect(await sandbox.files.exists("no-such-thing")).toBe(false);
    await expect(sandbox.files.getInfo("no-such-thing")).rejects.toBeInstanceOf(FileNotFoundError);
  });
});
