import { ownerLabel } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createDockerProvider } from "../../../provider-docker/src/index.ts";
import { conformanceOptions } from "../../../provider-docker/test/conformance-options.ts";
import type { CaseResult } from "../../src/case-result.ts";
import { conformanceCases } from "../../src/cases/index.ts";
import { runCase } from "../../src/run-case.ts";
import type { TestProviderOptions } from "../../src/test-provider-options.ts";
import { TestRun } from "../../src/test-run.ts";
import { brokenEgress } from "./broken-egress.ts";
import { brokenFiles } from "./broken-files.ts";
import { brokenLives } from "./broken-lives.ts";
import { brokenProcesses } from "./broken-processes.ts";
import type { BrokenVariant } from "./broken-variant.ts";

const variants = [...brokenProcesses, ...brokenLives, ...brokenFiles, ...brokenEgress];
/** Long enough to be recognized, and soon over. */
const limits = { outputBytes: 20_000_000 };
/** Of the usual time, where a case is known to use up all of it. */
const hangFactor = 0.25;
const docker = createDockerProvider();
const unbroken = new Map<string, Promise<CaseResult>>();

type Breaks = BrokenVariant["breaks"];

function optionsWith(breaks: Breaks, timeFactor: number): TestProviderOptions {
  const { create, unreachable, faults, ...options } = conformanceOptions;
  return {
    ...options,
    limits: { ...limits, timeFactor },
    create: () => breaks(create()),
    ...(unreachable && { unreachable: () => breaks(unreachable()) }),
    ...(faults && { faults: { ...faults, create: (address) => breaks(faults.create(address)) } }),
  };
}

/** What comes of one case. Whatever a broken provider left is removed by one that is not. */
async function resultOf(name: string, breaks: Breaks, timeFactor = 1): Promise<CaseResult> {
  const testCase = conformanceCases.find((one) => one.name === name);
  if (testCase === undefined) throw new Error(`There is no case ${name}`);
  const run = await TestRun.open(optionsWith(breaks, timeFactor));
  try {
    return await runCase(testCase, run);
  } finally {
    for await (const { id } of docker.list({ labels: { [ownerLabel]: run.owner } })) await docker.destroy(id);
  }
}

describe.concurrent("a provider that", () => {
  it.for(variants)("$name is caught by $caughtBy", async ({ caughtBy, hangs, breaks }, { expect }) => {
    const known = unbroken.get(caughtBy) ?? resultOf(caughtBy, (provider) => provider);
    unbroken.set(caughtBy, known);
    expect((await known).error).toBeUndefined();
    expect((await known).status).toBe("passed");
    const { status, error } = await resultOf(caughtBy, breaks, hangs ? hangFactor : 1);
    expect(status).toBe("failed");
    // By what it asserts, not by a mishap of the case's own.
    expect(error).toMatch(
      hangs ? /^SandboxTimeoutError: The case was not over/ : /^(AssertionError|(Sandbox|Capability)\w*Error)\b/,
    );
  });
});

it("at least thirty are tested", () => {
  expect(variants.length).toBeGreaterThanOrEqual(30);
  expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
});
