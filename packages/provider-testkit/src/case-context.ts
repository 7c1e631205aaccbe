import type {
  Capabilities,
  ConnectOptions,
  CreateOptions,
  Sandbox,
  SandboxInfo,
  SandboxProvider,
  SandboxSpec,
  Template,
} from "@glovebox/core/provider";
import type { OtherProcess } from "./other-process.ts";
import type { TestLimits } from "./test-limits.ts";
import type { TestProviderOptions } from "./test-provider-options.ts";

/** What a case gets to work with. Whatever it made through this is destroyed after it. */
export interface CaseContext {
  readonly provider: SandboxProvider;
  /** The effective ones, from `preflight`. */
  readonly capabilities: Capabilities;
  readonly template: Template;
  readonly limits: TestLimits;
  readonly options: TestProviderOptions;
  /** The owner of every sandbox of this test run. */
  readonly owner: string;
  /** Aborted when the case has used up its time. */
  readonly signal: AbortSignal;
  /** A second controller, that shares nothing with the first. */
  newProvider(): SandboxProvider;
  /** Labels with the owner and a new run id, a new idempotency key, a lease of ten minutes, no egress. */
  spec(changes?: Partial<SandboxSpec>): SandboxSpec;
  create(changes?: Partial<SandboxSpec>, options?: CreateOptions): Promise<Sandbox>;
  /** A further handle; closed after the case. */
  connect(id: string, options?: ConnectOptions): Promise<Sandbox>;
  /** All that match, of this case's owner by default. */
  list(labels?: Readonly<Record<string, string>>): Promise<readonly SandboxInfo[]>;
  /** Destroyed after the case, however it came to be. */
  own(id: string): void;
  /**
   * One sandbox for many cases, at the same time: nothing in it may be disturbed. Work in {@link
   * CaseContext.makeDirectory}.
   */
  shared(): Promise<Sandbox>;
  /** A directory below the workspace for this case alone, made in the sandbox. */
  makeDirectory(sandbox: Sandbox): Promise<string>;
  /** Runs a program of `src/other-process` in a Node process of its own. Killed after the case. */
  inOtherProcess(program: string, input: unknown): OtherProcess;
  /** Puts a figure into the report. */
  record(name: string, value: number): void;
}
