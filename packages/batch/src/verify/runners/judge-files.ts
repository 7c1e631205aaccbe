/** The directory in the sandbox that holds the reporters and what they write: a name that nobody knows before. */
export interface JudgeFiles {
  /** Name and content. */
  readonly files: ReadonlyMap<string, string>;
  /** The variables that make test runners use the reporters. */
  readonly env: Readonly<Record<string, string>>;
}

/** A reporter of `node --test`: counts the tests of each file. */
const nodeReporter = `
import { writeFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
export default async function* (source) {
  const files = {};
  for await (const { type, data } of source) {
    if ((type !== "test:pass" && type !== "test:fail") || data.file === undefined) continue;
    const counts = (files[data.file] ??= { passed: 0, failed: 0, skipped: 0, broken: false });
    const isFile = data.nesting === 0 && resolve(data.name) === data.file && !isAbsolute(data.name);
    if (isFile) counts.broken ||= type === "test:fail";
    else if (data.details?.type === "suite") counts.broken ||= type === "test:fail";
    else if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else counts[type === "test:pass" ? "passed" : "failed"] += 1;
  }
  writeFileSync(new URL("./report-node-" + process.pid + ".json", import.meta.url), JSON.stringify({ files }));
  yield "";
}
`;

/** A reporter of mocha: what \`spec\` prints, and the counts of each file. */
const mochaReporter = `
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { createRequire } = require("node:module");
const Spec = createRequire(process.argv[1])("mocha").reporters.Spec;
module.exports = class extends Spec {
  constructor(runner, options) {
    super(runner, options);
    const files = {};
    const count = (test, name) => {
      if (test.file === undefined) return;
      (files[test.file] ??= { passed: 0, failed: 0, skipped: 0, broken: false })[name] += 1;
    };
    runner.on("pass", (test) => count(test, "passed"));
    runner.on("fail", (test) => count(test, "failed"));
    runner.on("pending", (test) => count(test, "skipped"));
    runner.on("end", () => writeFileSync(join(__dirname, "report-mocha-" + process.pid + ".json"), JSON.stringify({ files })));
  }
};
`;

/** Runs first in every process of Node.js, and adds a reporter where that process is a test runner. */
const preload = `
const { realpathSync } = require("node:fs");
const { join } = require("node:path");
const { isMainThread } = require("node:worker_threads");
let program = "";
try { program = realpathSync(process.argv[1]); } catch {}
const report = (name) => join(__dirname, "report-" + name + "-" + process.pid + ".json");
if (isMainThread && /[\\\\/]vitest[\\\\/](?:vitest\\.m?js|dist[\\\\/]cli\\.js)$/.test(program))
  process.argv.push("--reporter=default", "--reporter=json", "--outputFile.json=" + report("vitest"));
else if (isMainThread && /[\\\\/]jest(?:-cli)?[\\\\/]bin[\\\\/]jest\\.js$/.test(program))
  process.argv.push("--json", "--outputFile=" + report("jest"));
else if (isMainThread && /[\\\\/]mocha[\\\\/](?:bin[\\\\/]_?mocha(?:\\.js)?|lib[\\\\/]cli[\\\\/]cli\\.js)$/.test(program) && !process.argv.includes("--reporter"))
  process.argv.push("--reporter", join(__dirname, "mocha.cjs"));
`;

/**
 * What makes the test runners of Node.js and pytest report each test file, whatever starts them. `directory` is where the files
 * lie in the sandbox. `setsNodeReporter`: whether the command chooses reporters of `node --test` itself; Node.js accepts no more then.
 */
export function judgeFiles(directory: string, options: { readonly setsNodeReporter: boolean }): JudgeFiles {
  const reporters = [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    `--test-reporter=${directory}/node.mjs`,
    `--test-reporter-destination=${directory}/node.out`,
  ];
  const nodeOptions = [`--require=${directory}/preload.cjs`, ...(options.setsNodeReporter ? [] : reporters)];
  return {
    files: new Map([
      ["node.mjs", nodeReporter],
      ["mocha.cjs", mochaReporter],
      ["preload.cjs", preload],
    ]),
    env: {
      CI: "true",
      NODE_OPTIONS: nodeOptions.join(" "),
      PYTEST_ADDOPTS: `--junitxml=${directory}/report-pytest.xml -o junit_family=xunit1 -p no:cacheprovider`,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  };
}
