// Makes the user, directories and links of a sandbox. Needs nothing of the image but its file system, so that it works on
// images without a shell or useradd.
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const id = 1000;
const home = "/home/agent";

// In front, so that the number's name is ours; another name for the same number stays valid. An image that has our user
// already has chosen its place.
addFirst(
  "/etc/passwd",
  `agent:x:${id}:${id}:Glovebox agent:${home}:${existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh"}`,
);
addFirst("/etc/group", `agent:x:${id}:`);
// No password, and an account that is in order: sudo asks for both where a sandbox is given a root.
if (existsSync("/etc/shadow")) addFirst("/etc/shadow", "agent:*:19000:0:99999:7:::");

ownDirectory(home);
ownDirectory(join(home, ".npm-global"));
ownDirectory(join(home, ".local"));
ownDirectory("/workspace");
if (!existsSync(join(home, ".npmrc"))) {
  writeFileSync(join(home, ".npmrc"), `prefix=${home}/.npm-global\n`);
  chownSync(join(home, ".npmrc"), id, id);
}
giveAway("/workspace");
linkOutput();
mkdirSync("/run/glovebox", { recursive: true });
chmodSync("/run/glovebox", 0o700);
mkdirSync("/tmp", { recursive: true });
chmodSync("/tmp", 0o1777);
linkPrograms();

function addFirst(path, line) {
  const name = line.slice(0, line.indexOf(":") + 1);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : ["root:x:0:", ""];
  if (lines.includes(line)) return;
  const root = path === "/etc/passwd" && !existsSync(path) ? ["root:x:0:0:root:/root:/bin/sh", ""] : lines;
  mkdirSync("/etc", { recursive: true });
  writeFileSync(path, [line, ...root.filter((one) => !one.startsWith(name))].join("\n"));
}

function ownDirectory(path) {
  mkdirSync(path, { recursive: true });
  if (!lstatSync(path).isDirectory()) throw new Error(`${path} is not a directory in this image`);
  chownSync(path, id, id);
}

function giveAway(path) {
  for (const name of readdirSync(path)) {
    const file = join(path, name);
    lchownSync(file, id, id);
    if (lstatSync(file).isDirectory()) giveAway(file);
  }
}

function linkOutput() {
  const info = lstatSync("/output", { throwIfNoEntry: false });
  if (info?.isSymbolicLink() && readlinkSync("/output") === "/workspace") return;
  if (info?.isDirectory()) {
    if (readdirSync("/output").length > 0)
      throw new Error("/output in this image is not empty; a sandbox needs this name");
    rmdirSync("/output");
  } else rmSync("/output", { force: true });
  symlinkSync("/workspace", "/output");
}

function linkPrograms() {
  const directory = "/opt/glovebox/harness";
  const dependencies = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).dependencies ?? {};
  mkdirSync("/usr/local/bin", { recursive: true });
  for (const name of Object.keys(dependencies)) {
    const { bin = {} } = JSON.parse(readFileSync(join(directory, "node_modules", name, "package.json"), "utf8"));
    const programs = typeof bin === "string" ? [name.replace(/^.*\//, "")] : Object.keys(bin);
    for (const program of programs) {
      rmSync(join("/usr/local/bin", program), { force: true });
      symlinkSync(join(directory, "node_modules/.bin", program), join("/usr/local/bin", program));
    }
  }
}
