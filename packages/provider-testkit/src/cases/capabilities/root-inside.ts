import assert from "node:assert/strict";
import { workspaceDir } from "@glovebox/core/provider";
import { readTar } from "../../archives/read-tar.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";

/** Whether a program that belongs to root and says so may become root. */
const script = `console.log(/^NoNewPrivs:\\s*(\\d)/m.exec(require("node:fs").readFileSync("/proc/self/status", "utf8"))[1])`;

/** A file that only root may read, in a directory that only root may enter. */
const rootsWork = `const fs = require("node:fs");
fs.mkdirSync("${workspaceDir}/of-root", { mode: 0o700 });
fs.writeFileSync("${workspaceDir}/of-root/file", "root's", { mode: 0o600 });
console.log(process.getuid());`;

export const rootInside: ConformanceCase = {
  name: "capabilities/root-inside",
  title: "Allows root in the sandbox only on request, and reports whether it does",
  requires: ({ rootInside: claimed }) => claimed,
  async run({ create }) {
    const [without, with_] = await Promise.all([create(), create({ rootInside: true })]);
    assert.equal((await without.info()).rootInside, false);
    assert.equal((await with_.info()).rootInside, true);
    assert.equal(await runNode(without, script), "1\n", "A program may become root although it was not asked for");
    assert.equal(await runNode(with_, script), "0\n", "No program can become root although it was asked for");
    assert.equal(await runNode(with_, "console.log(process.getuid())"), "1000\n", "Programs start as the user");
    await assert.rejects(without.spawn(["node"], { asRoot: true }), { code: "capability-unsupported" });
    assert.equal(await runNode(with_, rootsWork, [], { asRoot: true }), "0\n", "A program does not start as root");
    const archive = await readTar(await with_.files.getArchive(workspaceDir));
    assert.equal(archive.get("of-root/file")?.size, 6, "What only root may read is not in an archive");
  },
};
