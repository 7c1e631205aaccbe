import { expect, it } from "vitest";
import { DirectoryPaths } from "./directory-paths.ts";
import { promptText } from "./prompt-text.ts";

const paths = new DirectoryPaths("/home/me/app");

it("makes one text of what an editor sends, with the paths of the sandbox", () => {
  const text = promptText(
    [
      { type: "text", text: "Explain /home/me/app/a.ts" },
      { type: "resource_link", name: "b c.ts", uri: "file:///home/me/app/b%20c.ts#L3" },
      { type: "resource_link", name: "hosts", uri: "file:///etc/hosts" },
      { type: "resource", resource: { uri: "file:///home/me/app/d.ts", text: "const d = 1;" } },
    ],
    paths,
  );
  expect(text).toBe(
    [
      "Explain /workspace/a.ts",
      "[b c.ts](/workspace/b c.ts)",
      "[hosts](/etc/hosts (not in the sandbox))",
      '<file path="/workspace/d.ts">\nconst d = 1;\n</file>',
    ].join("\n\n"),
  );
});

it("refuses what is not text", () => {
  const blob = { type: "resource" as const, resource: { uri: "file:///x.png", blob: "AAAA" } };
  expect(() => promptText([blob], paths)).toThrow(
    "The prompt has a file that is not text, and the agent gets text alone",
  );
});
