import { expect, it } from "vitest";
import { DirectoryPaths } from "../directory-paths.ts";
import { toolCallOf } from "./tool-call.ts";

const show = (name: string, input: unknown) =>
  toolCallOf({ toolCallId: "1", name, input }, new DirectoryPaths("/home/me/app"));

it("shows each part of a change, and each file of several", () => {
  const part = (oldText: string, newText: string) => ({ old_string: oldText, new_string: newText });
  expect(show("MultiEdit", { file_path: "a.ts", edits: [part("a", "b"), part("c", "d"), null] })).toMatchObject({
    title: "MultiEdit a.ts",
    kind: "edit",
    content: [
      { type: "diff", path: "/home/me/app/a.ts", oldText: "a", newText: "b" },
      { type: "diff", path: "/home/me/app/a.ts", oldText: "c", newText: "d" },
    ],
  });
  const changes = [{ path: "/workspace/a.ts" }, { path: "b.ts" }, { path: "/etc/passwd" }, 7];
  const several = show("file_change", { path: "a.ts, b.ts", changes });
  expect(several).toMatchObject({
    kind: "edit",
    locations: [{ path: "/home/me/app/a.ts" }, { path: "/home/me/app/b.ts" }],
  });
  expect(several).not.toHaveProperty("content");
});

it("shows the title of a call without an input", () => {
  expect(show("execute", { title: "npm test" })).toMatchObject({ title: "execute npm test", kind: "execute" });
});
