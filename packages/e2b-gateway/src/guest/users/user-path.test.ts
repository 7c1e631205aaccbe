import { expect, test } from "vitest";
import { userPath } from "./user-path.ts";

const user = { name: "user", uid: 1000, gid: 1000, groups: [], home: "/home/user" };

test.each([
  { path: "file", expected: "/home/user/file" },
  { path: "../file", expected: "/home/file" },
  { path: "~", expected: "/home/user" },
  { path: "~/a/../b", expected: "/home/user/b" },
  { path: "/a/b", expected: "/a/b" },
  { path: "", expected: "/work" },
])("$path leads to $expected", ({ path, expected }) => {
  expect(userPath(path, user, "/work")).toBe(expected);
});

test("no path is the home where there is no default directory", () => {
  expect(userPath("", user, undefined)).toBe("/home/user");
});

test("another's home and a zero byte are refused", () => {
  expect(() => userPath("~root", user, undefined)).toThrow("cannot expand user-specific home dir");
  expect(() => userPath("a\0", user, undefined)).toThrow("zero byte");
});
