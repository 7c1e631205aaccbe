import { CommandExitError, type Sandbox } from "e2b";
import { beforeAll, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await fixture.keep();
});

test("a repository from its first commit to a push and a clone", async () => {
  const { git } = sandbox;
  await git.configureUser("Someone", "someone@example.com");
  await git.init("project", { initialBranch: "main" });
  await sandbox.files.write("project/README.md", "# Project\n");
  expect((await git.status("project")).fileStatus).toEqual([
    expect.objectContaining({ name: "README.md", status: "untracked" }),
  ]);
  await git.add("project");
  await git.commit("project", "The first");
  expect((await git.status("project")).isClean).toBe(true);

  await git.createBranch("project", "feature");
  expect((await git.branches("project")).currentBranch).toBe("feature");
  await git.checkoutBranch("project", "main");

  await git.init("remote.git", { bare: true, initialBranch: "main" });
  await git.remoteAdd("project", "origin", "/home/user/remote.git");
  await git.push("project", { remote: "origin", branch: "main", setUpstream: true });
  await git.clone("/home/user/remote.git", { path: "clone" });
  expect(await sandbox.files.read("clone/README.md")).toBe("# Project\n");
});

test("git's errors are reported", async () => {
  await expect(sandbox.git.status("/tmp")).rejects.toBeInstanceOf(CommandExitError);
});
