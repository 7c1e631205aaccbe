import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildError, type LogEntry, Template, waitForPort } from "e2b";
import { afterAll, describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();
const context = mkdtempSync(join(tmpdir(), "glovebox-e2b-context-"));
writeFileSync(join(context, "copied.txt"), "from the context");
mkdirSync(join(context, "tree"));
writeFileSync(join(context, "tree/plain.txt"), "in the tree");
symlinkSync("plain.txt", join(context, "tree/inner.txt"));
symlinkSync("copied.txt", join(context, "link.txt"));
symlinkSync("/nowhere/at/all", join(context, "dangling"));
symlinkSync("tree", join(context, "tree-link"));
afterAll(() => rmSync(context, { recursive: true }));

const small = { cpuCount: 1, memoryMB: 512 };

test("a template with the common steps, and sandboxes of it", async () => {
  const template = Template({ fileContextPath: context })
    .fromBaseImage()
    .copy("copied.txt", "/home/user/app/copied.txt")
    .setWorkdir("/home/user/app")
    .setEnvs({ FROM_TEMPLATE: "yes" })
    .runCmd("pwd > where.txt && whoami > who.txt")
    .runCmd("touch /of-root", { user: "root" })
    .makeDir("/home/user/app/made")
    .makeSymlink("copied.txt", "/home/user/app/link.txt")
    .setStartCmd("python3 -m http.server 8000", waitForPort(8000));
  const name = `steps-${process.pid}`;
  const logs: LogEntry[] = [];
  const built = await Template.build(template, name, {
    ...small,
    tags: ["v1"],
    onBuildLogs: (log) => void logs.push(log),
  });
  expect(built).toMatchObject({ name, templateId: expect.any(String), buildId: expect.any(String) });
  expect(logs.map(({ message }) => message).join("\n")).toContain("whoami > who.txt");
  expect(await Template.exists(name)).toBe(true);
  expect((await Template.getTags(built.templateId)).map(({ tag }) => tag)).toContain("v1");

  for (const id of [name, `${name}:v1`, built.templateId]) {
    const sandbox = await fixture.createFrom(id);
    const { stdout } = await sandbox.commands.run(
      "cat where.txt who.txt copied.txt; echo; echo $FROM_TEMPLATE; stat -c %U /of-root; readlink link.txt; ls -d made",
    );
    expect(stdout.split("\n")).toEqual([
      "/home/user/app",
      "user",
      "from the context",
      "yes",
      "root",
      "copied.txt",
      "made",
      "",
    ]);
    expect((await sandbox.commands.run("curl -s --noproxy '*' localhost:8000")).stdout).toContain("copied.txt");
  }
  const info = await (await fixture.createFrom(name)).getInfo();
  expect(info).toMatchObject({ name, templateId: built.templateId, cpuCount: 1, memoryMB: 512 });
});

describe("a build that fails", () => {
  test("says which step and shows its output", async () => {
    const logs: string[] = [];
    const template = Template().fromBaseImage().runCmd("echo about to fail && exit 9");
    const building = Template.build(template, `fails-${process.pid}`, {
      ...small,
      onBuildLogs: ({ message }) => void logs.push(message),
    });
    await expect(building).rejects.toBeInstanceOf(BuildError);
    expect(logs.join("\n")).toContain("about to fail");
  });

  test("of a step by a user that is not there says so in E2B's words", async () => {
    const template = Template().fromBaseImage().skipCache().runCmd("whoami", { user: "root123" });
    await expect(Template.build(template, `no-user-${process.pid}`, small)).rejects.toThrow(
      "failed to run command 'whoami': command failed: unauthenticated: invalid username: 'root123'",
    );
  });

  test("of an image that cannot be had says so", async () => {
    const template = Template().fromImage("registry.example.com/no/such:image");
    const building = Template.build(template, `missing-${process.pid}`, small);
    await expect(building).rejects.toThrow(/registry\.example\.com|no such image|pull/i);
  });
});

test("links in what is copied are kept, or replaced by what they point to where that is asked for", async () => {
  const template = Template({ fileContextPath: context })
    .fromBaseImage()
    .copy("tree", "/home/user/tree")
    .copy("tree/*", "/home/user/pattern")
    .copy("link.txt", "/home/user/link.txt", { forceUpload: true })
    .copy("link.txt", "/home/user/into/")
    .copy("dangling", "/home/user/dangling", { user: "root" })
    .copy("tree-link", "/home/user/tree-link")
    .copy("link.txt", "/home/user/resolved.txt", { resolveSymlinks: true })
    .copy("tree", "/home/user/resolved", { resolveSymlinks: true, forceUpload: true });
  const name = `links-${process.pid}`;
  await Template.build(template, name, small);
  const sandbox = await fixture.createFrom(name);
  const paths =
    "tree/inner.txt pattern/inner.txt link.txt into/link.txt dangling tree-link resolved.txt resolved/inner.txt";
  const { stdout } = await sandbox.commands.run(
    `for f in ${paths}; do stat -c '%F %U %N' $f; done; cat resolved.txt resolved/inner.txt`,
  );
  expect(stdout.split("\n")).toEqual([
    "symbolic link user 'tree/inner.txt' -> 'plain.txt'",
    "symbolic link user 'pattern/inner.txt' -> 'plain.txt'",
    "symbolic link user 'link.txt' -> 'copied.txt'",
    "symbolic link user 'into/link.txt' -> 'copied.txt'",
    "symbolic link root 'dangling' -> '/nowhere/at/all'",
    "symbolic link user 'tree-link' -> 'tree'",
    "regular file user 'resolved.txt'",
    "regular file user 'resolved/inner.txt'",
    "from the contextin the tree",
  ]);
});

test("a build in the background, followed to its end", async () => {
  const template = Template().fromBaseImage().runCmd("echo background");
  const build = await Template.buildInBackground(template, `background-${process.pid}`, small);
  await expect.poll(async () => (await Template.getBuildStatus(build)).status, { timeout: 120_000 }).toBe("ready");
});

test("a name that nobody gave is not there", async () => {
  expect(await Template.exists(`no-such-${process.pid}`)).toBe(false);
});
