import { openRunFiles, type RunFiles } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { type BaseTrial, baseTrial } from "./base-trial.ts";
import { expand, packageScripts } from "./command-files.ts";
import { composeWorkspace } from "./compose-workspace.ts";
import { describeChange } from "./describe-change.ts";
import { protectionOf } from "./protection-of.ts";
import { runTrial } from "./trial.ts";
import { verdictOf } from "./verdict.ts";
import type { Cheat, Verification } from "./verification.ts";
import type { VerifyOptions } from "./verify-options.ts";

const tailCharacters = 4000;
const mostCheats = 100;
const maxTestBytes = 1024 * 1024;

/**
 * Runs a command on a run's result in a fresh sandbox that the agent never touched: without credentials, components and a model,
 * and by default without a network. Tests, settings of test programs, lock files and scripts are the project's own, whatever the
 * agent made of them; its changes to them are in `cheats`.
 *
 * A command that fails, hangs or breaks its sandbox is a verdict. A provider that fails is one too, `not-verified`. Rejects with
 * `invalid-options` for options that cannot be, and `aborted`.
 */
export async function verifyRun(options: VerifyOptions): Promise<Verification> {
  const start = performance.now();
  const expect = readExpect(options.expect);
  const { command, signal } = options;
  if (command.trim() === "") throw new InvalidOptionsError("The command of a verification is empty");
  try {
    return await verify(options, expect, start);
  } catch (error) {
    if (!SandboxError.isInstance(error) || signal?.aborted || error.code === "aborted") throw error;
    return {
      ...{ passed: false, verdict: "not-verified", exitCode: null, cheats: [], outputTail: "" },
      reason: safeLine(`The result could not be verified: ${error.message}`, 500),
      durationMs: Math.round(performance.now() - start),
    };
  }
}

async function verify(options: VerifyOptions, expect: RegExp | undefined, start: number): Promise<Verification> {
  const { result, runDirectory, command, signal, protect = [] } = options;
  const files = await openRunFiles({ result, runDirectory, signal });
  const texts = expand(command, await packageScripts(files));
  const setsNodeReporter = texts.some((text) => text.includes("--test-reporter"));
  const before = files.hasBase ? await baseTrial(options, files, setsNodeReporter) : undefined;
  const tests = [...(before?.report?.keys() ?? [])];
  // Without a project all tests are the agent's: only what the user names could be taken from anywhere else.
  const protection = files.hasBase ? await protectionOf(files, { command, protect, tests }) : nothing;
  const { places, withheld, addedTests } = composeWorkspace(files, protection);
  const guarded = places.filter(({ entry, from }) => from === "base" && isFixed(protection.kindOf(entry.path)));
  const trial = await runTrial(options, { files, places, guarded, setsNodeReporter });
  const cheats: Cheat[] = [];
  for (const one of withheld.slice(0, mostCheats))
    cheats.push(...[await describeChange(files, one)].filter((cheat) => cheat !== undefined));
  const verdict = verdictOf({ trial, before, unloaded: await unloadedTests(files, before), expect });
  return {
    ...verdict,
    cheats: [...verdict.cheats, ...cheats].slice(0, mostCheats),
    ...(addedTests.length === 0 ? {} : { addedTests: addedTests.slice(0, mostCheats) }),
    durationMs: Math.round(performance.now() - start),
    outputTail: trial.output.slice(-tailCharacters),
  };
}

const nothing = { kindOf: () => undefined };

/** Programs write caches and lock files by themselves; nothing that a test program runs writes the rest. */
function isFixed(kind: string | undefined): boolean {
  return kind !== undefined && !["cache", "runner", "lock-file"].includes(kind);
}

/** Test files that failed as a whole before the run, and that have tests by what they look like. */
async function unloadedTests(files: RunFiles, before: BaseTrial | undefined): Promise<ReadonlySet<string>> {
  const unloaded = new Set<string>();
  for (const [path, { passed, failed, broken }] of before?.report ?? []) {
    const entry = files.base.find((one) => one.path === path);
    if (!broken || passed + failed > 0 || entry === undefined) continue;
    const text = (await files.text({ entry, from: "base" }, maxTestBytes)) ?? "";
    if (/\b(?:test|it)\s*(?:\.\w+\s*)?\(|\bdef test|\bclass Test/.test(text)) unloaded.add(path);
  }
  return unloaded;
}

function readExpect(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, "m");
  } catch (cause) {
    throw new InvalidOptionsError(`Not a regular expression: ${safeLine(text)}`, { cause });
  }
}
