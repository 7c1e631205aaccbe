import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, ownerLabel, SandboxUnavailableError } from "@glovebox/core/provider";
import type { CaseContext } from "./case-context.ts";
import type { CaseResult } from "./case-result.ts";
import { type CaseRun, caseRun } from "./case-run/case-run.ts";
import { endpointOf } from "./case-run/endpoint.ts";
import { endingOf } from "./case-run/judge.ts";
import { shellCall } from "./case-run/shell-call.ts";
import { type Success, succeed } from "./case-run/success.ts";
import { harnessCases } from "./cases/index.ts";
import type { HarnessCase } from "./harness-case.ts";
import { NotClaimed } from "./not-claimed.ts";
import type { TestHarnessOptions } from "./test-harness-options.ts";

/** The run of a case ends by its own limits long before. In milliseconds. */
const caseTimeoutMs = 600_000;
/** Of the run that succeeds: what is more says that it is broken, not how fast the machine is. In milliseconds. */
const longestPaceMs = 60_000;
const paceFactor = 3;
/** A program that starts shows activity by its processor time. In milliseconds. */
const idleMs = 12_000;

/** What the cases of one certification share: a prepared template, a state directory, one run that succeeds. */
export class TestRun {
  readonly options: TestHarnessOptions;
  readonly harness: Harness;
  readonly startedAt = new Date();
  readonly #home: string;
  readonly #owner: string;
  readonly #key: string;
  readonly #stop = new AbortController();
  #success: Promise<Success> | undefined;

  private constructor(options: TestHarnessOptions, harness: Harness, home: string, owner: string) {
    this.options = options;
    this.harness = harness;
    this.#home = home;
    this.#owner = owner;
    this.#key = options.key ?? `gbkey${randomUUID().replaceAll("-", "")}`;
  }

  /** Throws `unavailable` where the provider is not ready: nothing can be said about the harness then. */
  static async open(options: TestHarnessOptions): Promise<TestRun> {
    checkSkips(options.skips ?? {});
    const { provider, base = { kind: "default" } } = options;
    const harness = options.create();
    endpointOf(harness, options.credential);
    const { ready, findings } = await provider.preflight();
    if (!ready) {
      const problems = findings.filter(({ status }) => status === "problem");
      throw new SandboxUnavailableError(
        `Nothing was certified: ${problems.map(({ name, message }) => `${name}: ${message}`).join("; ")}`,
        { providerId: provider.id, hint: problems.map(({ hint }) => hint ?? "").join(" ") },
      );
    }
    await provider.prepare({ base, layers: [harness.template()] });
    const home = await mkdtemp(join(tmpdir(), "glovebox-harness-"));
    const owner = `testkit-${randomUUID()}`;
    await writeFile(join(home, "owner"), `${owner}\n`);
    return new TestRun(options, harness, home, owner);
  }

  /** Runs one case. Never rejects. */
  async runCase(testCase: HarnessCase): Promise<CaseResult> {
    const { name, title } = testCase;
    const startedAt = performance.now();
    const endings: string[] = [];
    const result = (rest: Pick<CaseResult, "status" | "reason" | "error" | "ending">): CaseResult => ({
      name,
      title,
      ...rest,
      durationMs: Math.round(performance.now() - startedAt),
    });
    const unsupported = testCase.unsupported?.(this.harness);
    if (unsupported !== undefined) return result({ status: "unsupported", reason: unsupported });
    const skip = this.options.skips?.[name];
    if (skip !== undefined) return result({ status: "skipped", reason: skip });
    try {
      await this.#within(testCase.run(this.#context((found) => endings.push(endingOf(found)))));
    } catch (error) {
      if (error instanceof NotClaimed) return result({ status: "unsupported", reason: error.message });
      return result({ status: "failed", error: described(error), ...lastOf(endings) });
    }
    return result({ status: "passed", ...lastOf(endings) });
  }

  /** Ends what still runs and removes the state. Returns how many sandboxes were left that no case knew of. */
  async close(): Promise<number> {
    this.#stop.abort();
    const { provider } = this.options;
    const left: string[] = [];
    for await (const { id } of provider.list({ labels: { [ownerLabel]: this.#owner } })) left.push(id);
    await Promise.allSettled(left.map((id) => provider.destroy(id)));
    await rm(this.#home, { recursive: true, force: true });
    return left.length;
  }

  #context(onEnd: (found: CaseRun) => void): CaseContext {
    const { shell = shellCall, timeFactor = 1, provider, base, credential, model } = this.options;
    const ground = {
      provider,
      ...{ harness: this.harness, home: this.#home, key: this.#key, timeFactor, credential, model },
      shared: base === undefined ? {} : { base },
      signal: this.#stop.signal,
    };
    const context: CaseContext = {
      harness: this.harness,
      key: this.#key,
      idleMs: idleMs * timeFactor,
      limit: async (extraMs) => {
        const { result } = await context.success();
        return (paceFactor * Math.min(result.durationMs, longestPaceMs) + extraMs) * timeFactor;
      },
      run: async (options) => {
        const found = await caseRun(ground, options);
        onEnd(found);
        return found;
      },
      success: () => {
        this.#success ??= succeed(context).catch((error: unknown) => {
          // A case that is run again gets another one.
          this.#success = undefined;
          throw error;
        });
        return this.#success;
      },
      shell: (command, tools) => {
        const call = shell(command, tools);
        if (call === undefined) throw new Error(`None of its tools is a known shell: ${tools.join(", ")}`);
        return call;
      },
    };
    return context;
  }

  async #within(work: Promise<void>): Promise<void> {
    const limitMs = caseTimeoutMs * (this.options.timeFactor ?? 1);
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The case timed out after ${limitMs / 1000} s`)), limitMs);
    });
    try {
      await Promise.race([work, timedOut]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function lastOf(endings: readonly string[]): Pick<CaseResult, "ending"> {
  const ending = endings.at(-1);
  return ending === undefined ? {} : { ending };
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function checkSkips(skips: Readonly<Record<string, string>>): void {
  const names = new Set(harnessCases.map(({ name }) => name));
  for (const [name, reason] of Object.entries(skips)) {
    if (!names.has(name)) throw new InvalidOptionsError(`There is no case ${name} to skip`);
    if (reason.trim() === "") throw new InvalidOptionsError(`The skip of ${name} gives no reason`);
  }
}
