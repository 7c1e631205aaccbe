import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refuseOutwardLinks } from "./refuse-outward-links.ts";

let root: string;
let context: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "glovebox-links-"));
  context = join(root, "context");
  await mkdir(join(context, "deep/down"), { recursive: true });
  await mkdir(join(root, "keys"));
  await writeFile(join(root, "keys/id"), "x");
});
afterEach(() => rm(root, { recursive: true }));

async function check(links: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, link] of Object.entries(links)) await symlink(link, join(context, name));
  await refuseOutwardLinks(
    context,
    Object.entries(links).map(([name, link]) => ({ name, link })),
  );
}

it.each([
  ["by its target", { out: "../keys" }],
  ["by an absolute target", { out: "/usr" }],
  ["by way of another link", { "deep/down/top": "../..", out: "deep/down/top/../keys" }],
])("a link to a directory out of a build context is refused %s", async (_how, links) => {
  await expect(check(links)).rejects.toMatchObject({ code: "invalid-options" });
});

it("links within a build context, to files, and to nothing may stay", async () => {
  await expect(check({ a: "deep", b: "../keys/id", c: "/nothing/here", "deep/d": ".." })).resolves.toBeUndefined();
});
