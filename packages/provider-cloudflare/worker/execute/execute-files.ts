import * as z from "zod";
import { ApiError } from "../http/api-error.ts";
import { boundedText } from "./bounded-text.ts";
import type { ExecuteFile, ExecuteRequest } from "./execute-request.ts";

/** Maximum total file size in one response. */
const maxFileBytes = 16 * 1024 * 1024;

/** Runs a program inside as the agent. */
export type RunInside = (argv: readonly string[], options?: ContainerExecOptions) => Promise<ExecProcess>;

const node = ["/bin/sh", "-c", 'n=/opt/glovebox/bin/node; [ -x "$n" ] || n=node; exec "$n" -e "$0"'];

const write = `
const fs = require("fs"), path = require("path");
for (const { path: name, content, encoding } of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const file = path.resolve("/workspace", name);
  if (!file.startsWith("/workspace/")) throw new Error("outside of the workspace: " + name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, Buffer.from(content, encoding));
}`;

const collect = `
const fs = require("fs"), path = require("path");
const files = [], omitted = [];
let room = ${maxFileBytes};
(function walk(directory) {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name), name = path.relative("/workspace", file);
    if (entry.isDirectory()) { if (entry.name !== "node_modules" && entry.name !== ".git") walk(file); continue; }
    if (!entry.isFile()) continue;
    const { size } = fs.lstatSync(file);
    if (size > room) { omitted.push(name); continue; }
    room -= size;
    const bytes = fs.readFileSync(file), text = bytes.toString("utf8");
    const isText = !bytes.includes(0) && Buffer.from(text).equals(bytes);
    files.push({ path: name, size, encoding: isText ? "utf8" : "base64", content: isText ? text : bytes.toString("base64") });
  }
})("/workspace");
process.stdout.write(JSON.stringify({ files, omitted }));`;

const collected = z.object({
  files: z.array(
    z.object({ path: z.string(), size: z.number(), content: z.string(), encoding: z.enum(["utf8", "base64"]) }),
  ),
  omitted: z.array(z.string()),
});

/** Writes a request's files into the workspace. */
export async function writeFiles(run: RunInside, files: ExecuteRequest["files"]): Promise<void> {
  if (files.length === 0) return;
  const process = await run([...node, write], {
    stdin: new Blob([JSON.stringify(files)]).stream(),
    stdout: "ignore",
    stderr: "pipe",
  });
  const stderr = await boundedText(process.stderr, 4096);
  if ((await process.exitCode) === 0) return;
  throw new ApiError("invalid-options", `Cannot write the files: ${stderr.trim().split("\n").at(-1) ?? ""}`);
}

/** Reads the workspace: text files as UTF-8, others as base64. Skips links, `node_modules` and `.git`. */
export async function collectFiles(
  run: RunInside,
): Promise<{ files: readonly ExecuteFile[]; omitted: readonly string[] }> {
  const process = await run([...node, collect], { stderr: "ignore" });
  const text = await boundedText(process.stdout, maxFileBytes * 3);
  if ((await process.exitCode) !== 0) throw new ApiError("unavailable", "Cannot read the files of the workspace.");
  return collected.parse(JSON.parse(text));
}
