import { randomUUID } from "node:crypto";
import { ownerLabel, type Sandbox, type SandboxInfo, SandboxTimeoutError, workspaceDir } from "@glovebox/core/provider";
import type { CaseContext } from "./case-context.ts";
import type { CaseResult } from "./case-result.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import { OtherProcess } from "./other-process.ts";
import type { TestRun } from "./test-run.ts";

const caseTimeoutMs = 60_000;
const cleanUpTimeoutMs = 60_000;

/** Runs one case and cleans up behind it. Never rejects. */
export async function runCase(testCase: ConformanceCase, run: TestRun): Promise<CaseResult> {
  const { name, title } = testCase;
  const startedAt = performance.now();
  const result = (rest: Pick<CaseResult, "status" | "reason" | "error" | "figures">): CaseResult => ({
    name,
    title,
    ...rest,
    durationMs: Math.round(performance.now() - startedAt),
  });
  if (testCase.requires?.(run.capabilities) === false) return result({ status: "unsupported" });
  const reason = run.options.skips?.[name] ?? testCase.whyNot?.(run.options);
  if (reason !== undefined) return result({ status: "skipped", reason });
  const attempt = new Attempt(run);
  const timeoutMs = (testCase.timeoutMs ?? caseTimeoutMs) * run.limits.timeFactor;
  try {
    await attempt.within(timeoutMs, testCase.run(attempt.context));
  } catch (error) {
    run.forgetShared();
    return result({ status: "failed", error: described(error) });
  } finally {
    await attempt.cleanUp();
  }
  return result({ status: "passed", ...(attempt.figures && { figures: attempt.figures }) });
}

/** One attempt at a case: what it made, so that it can be undone. */
class Attempt {
  readonly context: CaseContext;
  readonly #run: TestRun;
  readonly #ids = new Set<string>();
  readonly #handles: Sandbox[] = [];
  readonly #others: OtherProcess[] = [];
  readonly #figures = new Map<string, number>();
  readonly #controller = new AbortController();

  constructor(run: TestRun) {
    this.#run = run;
    const { provider, capabilities, template, limits, options, owner } = run;
    this.context = {
      provider,
      capabilities,
      template,
      limits,
      options,
      owner,
      signal: this.#controller.signal,
      newProvider: options.create,
      spec: (changes) => run.spec(changes),
      create: async (changes, createOptions) => this.#keep(await provider.create(run.spec(changes), createOptions)),
      connect: async (id, connectOptions) => this.#hold(await provider.connect(id, connectOptions)),
      list: (labels = { [ownerLabel]: owner }) => listAll(run, labels),
      own: (id) => {
        this.#ids.add(id);
      },
      shared: () => run.shared(),
      makeDirectory,
      inOtherProcess: (program, input) => this.#start(program, input),
      record: (name, value) => {
        this.#figures.set(name, value);
      },
    };
  }

  get figures(): Readonly<Record<string, number>> | undefined {
    return this.#figures.size === 0 ? undefined : Object.fromEntries(this.#figures);
  }

  /** The case, unless its time is over first. */
  async within(timeoutMs: number, work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new SandboxTimeoutError(`The case was not over within ${timeoutMs / 1000} s`);
        this.#controller.abort(error);
        reject(error);
      }, timeoutMs);
    });
    try {
      await Promise.race([work, timedOut]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What cannot be undone here is found by its owner's label when the whole run is over. */
  async cleanUp(): Promise<void> {
    const signal = AbortSignal.timeout(cleanUpTimeoutMs);
    await Promise.allSettled(this.#others.map((other) => other.kill()));
    await Promise.allSettled([...this.#ids].map((id) => this.#run.provider.destroy(id, { signal })));
    await Promise.allSettled(this.#handles.map((handle) => handle.close()));
    this.#controller.abort();
  }

  #keep(sandbox: Sandbox): Sandbox {
    this.#ids.add(sandbox.id);
    return this.#hold(sandbox);
  }

  #hold(sandbox: Sandbox): Sandbox {
    this.#handles.push(sandbox);
    return sandbox;
  }

  #start(program: string, input: unknown): OtherProcess {
    const source = this.#run.options.plugin;
    if (source === undefined) throw new Error("Another process cannot load the provider: give the option `plugin`");
    const other = new OtherProcess({ program, source, input });
    this.#others.push(other);
    return other;
  }
}

async function listAll(run: TestRun, labels: Readonly<Record<string, string>>): Promise<readonly SandboxInfo[]> {
  const infos: SandboxInfo[] = [];
  for await (const info of run.provider.list({ labels })) infos.push(info);
  return infos;
}

async function makeDirectory(sandbox: Sandbox): Promise<string> {
  const directory = `${workspaceDir}/case-${randomUUID()}`;
  await sandbox.files.makeDirectory(directory);
  return directory;
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
