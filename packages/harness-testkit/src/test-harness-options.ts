import type { Harness } from "@glovebox/core/harness";
import type { SandboxProvider, TemplateBase } from "@glovebox/core/provider";
import type { ToolCall } from "./case-run/shell-call.ts";

/** What the certification suite tests, and how far it goes. */
export interface TestHarnessOptions {
  /** A harness, new each time it is called. It is tested as it is: its real program, started as a run starts it. */
  readonly create: () => Harness;
  /** Where the program runs. The sandboxes must be able to be sealed, and the provider must meter and record requests. */
  readonly provider: SandboxProvider;
  /** What the sandboxes start from. Default: the provider's own. */
  readonly base?: TemplateBase;
  /** The variable of the credential to use, where the harness has several. Default: its first one. */
  readonly credential?: string;
  /** The model that the runs name. Default: none, so that the harness decides. */
  readonly model?: string;
  /**
   * How this program's model asks for a shell command, given the names of the tools in its request. Default: the shell tools
   * of known programs. Returns `undefined` where there is no such tool.
   */
  readonly shell?: (command: string, tools: readonly string[]) => ToolCall | undefined;
  /** The key that the host holds for the model. Default: a random one. */
  readonly key?: string;
  /** Only the cases whose names contain one of these. Default: all. */
  readonly only?: readonly string[];
  /** Cases that are not run, and why. A name that no case has is an error. */
  readonly skips?: Readonly<Record<string, string>>;
  /** Multiplies every time limit, for a machine that is slow or busy. Default: 1. */
  readonly timeFactor?: number;
  /** Cases that run at the same time. Default: 4. */
  readonly concurrency?: number;
  /** Where the report goes: this path with `.json` and `.md`. Default: none is written. */
  readonly report?: string;
  /** What was tested, for the report: `{ "@acme/glovebox-agent": "1.2.0" }`. The program's own version is added. */
  readonly versions?: Readonly<Record<string, string>>;
}
