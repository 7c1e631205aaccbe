import type { SandboxProvider, Template, TemplateSpec } from "@glovebox/core/provider";
import type { FaultOptions } from "./faults/fault-options.ts";
import type { TestLimits } from "./test-limits.ts";

/** What the conformance suite tests, and how far it goes. */
export interface TestProviderOptions {
  /** A provider, new each time it is called. It is tested as it is: against the real thing. */
  readonly create: () => SandboxProvider;
  /** What sandboxes start from: `node` must be in it. The provider's default, without layers by default. */
  readonly template?: TemplateSpec;
  /** How another process loads the provider. Without it the cases about other processes are skipped. */
  readonly plugin?: ProviderSource;
  /** A provider whose endpoint is not there, for the errors that it must give. Without it those cases are skipped. */
  readonly unreachable?: () => SandboxProvider;
  /**
   * An address of this machine at which sandboxes reach its servers, where their policy lets them. One that is no loopback
   * by default.
   */
  readonly hostAddress?: string;
  /**
   * For a provider whose rules know no ports: where the servers that sandboxes are to reach listen instead, each at an address
   * of its own and all at one port.
   */
  readonly hostServers?: { readonly address: () => string; readonly port: number };
  /** Removes a template that `snapshot` has made. Without it the cases about snapshots are skipped. */
  readonly removeTemplate?: (template: Template) => Promise<void>;
  /** How to stand between the provider and its vendor. Without it the cases about faults are skipped. */
  readonly faults?: FaultOptions;
  /** Only the cases whose names hold one of these words. All by default. */
  readonly only?: readonly string[];
  /** Cases that are not run, and why. A name that no case has is an error. */
  readonly skips?: Readonly<Record<string, string>>;
  readonly limits?: Partial<TestLimits>;
  /** Where the report goes: this path with `.json` and `.md`. None is written by default. */
  readonly report?: string;
  /** What was tested, for the report: `{ "@acme/glovebox-x": "1.2.0", engine: "27.1" }`. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** How another process loads the provider under test. */
export interface ProviderSource {
  /** The module that exports the plugin as `provider`, as a file URL: `import.meta.resolve("@acme/glovebox-x")`. */
  readonly module: string;
  /** Handed to the plugin's `create`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}
