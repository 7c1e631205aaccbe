// Installs the npm packages given as arguments (name@version) under /opt/glovebox/harness.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const directory = "/opt/glovebox/harness";
const cache = "/tmp/glovebox-npm-cache";
const packages = process.argv.slice(2);

mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
if (packages.length > 0) {
  const flags = [
    "--prefix",
    directory,
    "--cache",
    cache,
    "--save-exact",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
  ];
  execFileSync("npm", ["install", ...flags, ...packages], { stdio: "inherit" });
  linkTwins(directory, new Map());
}
rmSync(cache, { recursive: true, force: true });

// A package that hard-links its program to a second place would have it twice after a COPY from this image.
function linkTwins(path, seen) {
  for (const name of readdirSync(path)) {
    const file = join(path, name);
    const info = lstatSync(file);
    if (info.isDirectory()) linkTwins(file, seen);
    if (!info.isFile() || info.nlink === 1) continue;
    const first = seen.get(info.ino);
    if (first === undefined) seen.set(info.ino, file);
    else {
      unlinkSync(file);
      symlinkSync(relative(dirname(file), first), file);
    }
  }
}
