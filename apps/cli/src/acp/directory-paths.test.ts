import { expect, it } from "vitest";
import { DirectoryPaths } from "./directory-paths.ts";

const paths = new DirectoryPaths("/data/me/app (1)", "/home/me/app (1)");

it.each([
  ["/workspace/src/a.ts", "/home/me/app (1)/src/a.ts"],
  ["src/../b.ts", "/home/me/app (1)/b.ts"],
  ["/workspace", "/home/me/app (1)"],
])("shows %s of the sandbox as %s", (inside, outside) => expect(paths.toHost(inside)).toBe(outside));

it.each([
  "/etc/passwd",
  "/workspace/../etc/passwd",
  "../x",
  "/workspace2/a",
  "/workspace/../workspace2/a",
  "/workspace/a\0b",
  "/workspace/a\u001b[2Jb",
  "/workspace/a\u202eb",
])("shows nothing of the host for %j", (path) => expect(paths.toHost(path)).toBeUndefined());

it("finds both names of the directory in the user's text, and no longer name that begins like it", () => {
  expect(
    paths.rewrite("See /home/me/app (1)/a.ts, `/data/me/app (1)` and /home/me/app (1)2 or x/home/me/app (1)"),
  ).toBe("See /workspace/a.ts, `/workspace` and /home/me/app (1)2 or x/home/me/app (1)");
  expect(paths.rewrite("Look at /home/me/app (1). Not at /home/me/app (1).old or /home/me/app (1)-2!")).toBe(
    "Look at /workspace. Not at /home/me/app (1).old or /home/me/app (1)-2!",
  );
  expect(paths.toSandbox("/home/me/app (1)/a b.ts")).toBe("/workspace/a b.ts");
  expect(paths.toSandbox("/home/me/app (1)2/a.ts")).toBeUndefined();
});
