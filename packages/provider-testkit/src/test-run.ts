import { randomUUID } from "node:crypto";
import {
  type Capabilities,
  InvalidOptionsError,
  ownerLabel,
  runLabel,
  type Sandbox,
  type SandboxInfo,
  type SandboxProvider,
  type SandboxSpec,
  SandboxUnavailableError,
  type Template,
} from "@glovebox/core/provider";
import { conformanceCases } from "./cases/index.ts";
import { defaultTestLimits, type TestLimits } from "./test-limits.ts";
import type { TestProviderOptions } from "./test-provider-options.ts";

/** What the cases of one run of the suite share: a provider that is ready, its template, one sandbox for quick cases. */
export class TestRun {
  readonly options: TestProviderOptions;
  readonly provider: SandboxProvider;
  readonly capabilities: Capabilities;
  readonly template: Template;
  readonly limits: TestLimits;
  readonly owner = `testkit-${randomUUID()}`;
  readonly startedAt = new Date();
  readonly #sharedIds = new Set<string>();
  #shared: Promise<Sandbox> | undefined;

  private constructor(options: TestProviderOptions, found: Pick<TestRun, "provider" | "capabilities" | "template">) {
    this.options = options;
    this.limits = { ...defaultTestLimits, ...options.limits };
    this.provider = found.provider;
    this.capabilities = found.capabilities;
    this.template = found.template;
  }

  /** Throws `unavailable` when the provider is not ready: nothing can be said about it then. */
  static async open(options: TestProviderOptions): Promise<TestRun> {
    checkSkips(options.skips ?? {});
    const provider = options.create();
    const { ready, findings, capabilities } = await provider.preflight();
    if (!ready) {
      const problems = findings.filter(({ status }) => status === "problem");
      throw new SandboxUnavailableError(
        `Nothing was certified: ${problems.map(({ name, message }) => `${name}: ${message}`).join("; ")}`,
        { providerId: provider.id, hint: problems.map(({ hint }) => hint ?? "").join(" ") },
      );
    }
    const template = await provider.prepare(options.template ?? { base: { kind: "default" }, layers: [] });
    return new TestRun(options, { provider, capabilities, template });
  }

  spec(changes: Partial<SandboxSpec> = {}): SandboxSpec {
    return {
      template: this.template,
      labels: { [ownerLabel]: this.owner, [runLabel]: randomUUID() },
      ttlMs: 600_000 * this.limits.timeFactor,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/home/agent" },
      egress: { mode: "none", models: [] },
      idempotencyKey: randomUUID(),
      ...changes,
    };
  }

  /** One sandbox for many cases; another one when it does not run any more. */
  shared(): Promise<Sandbox> {
    this.#shared = this.#runningShared(this.#shared);
    return this.#shared;
  }

  async #runningShared(known: Promise<Sandbox> | undefined): Promise<Sandbox> {
    const sandbox = await known?.catch(() => undefined);
    if (sandbox !== undefined && (await isRunning(sandbox))) return sandbox;
    const created = await this.provider.create(this.spec({ ttlMs: 3_600_000 }));
    this.#sharedIds.add(created.id);
    return created;
  }

  /** After a case failed in it: the next case gets another one. */
  forgetShared(): void {
    this.#shared = undefined;
  }

  /** Destroys what is left of this run, and tells what that was but for the shared sandboxes. */
  async close(): Promise<readonly SandboxInfo[]> {
    const left: SandboxInfo[] = [];
    for await (const info of this.provider.list({ labels: { [ownerLabel]: this.owner } })) left.push(info);
    // One that cannot be destroyed is among what is reported; its lease ends it.
    await Promise.allSettled(left.map(({ id }) => this.provider.destroy(id)));
    return left.filter(({ id }) => !this.#sharedIds.has(id));
  }
}

async function isRunning(sandbox: Sandbox): Promise<boolean> {
  try {
    return (await sandbox.info()).state === "running";
  } catch {
    // Whatever is wrong with it: it is not one to work with.
    return false;
  }
}

function checkSkips(skips: Readonly<Record<string, string>>): void {
  const names = new Set(conformanceCases.map(({ name }) => name));
  for (const [name, reason] of Object.entries(skips)) {
    if (!names.has(name)) throw new InvalidOptionsError(`There is no case ${name} to skip`);
    if (reason.trim() === "") throw new InvalidOptionsError(`The skip of ${name} gives no reason`);
  }
}
