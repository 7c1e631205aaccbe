#!/usr/bin/env node
// Nothing else is loaded before the check: an old Node would fail on it with a stack trace.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const needed = engines.node.replace(">=", "");
const [major, minor] = process.versions.node.split(".").map(Number);
const [neededMajor, neededMinor] = needed.split(".").map(Number);
if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) await import("../dist/main.js");
else {
  process.stderr.write(`error: glovebox needs Node ${needed} or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 3;
}
