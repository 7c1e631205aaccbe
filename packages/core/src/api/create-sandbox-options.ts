import type { CallOptions } from "../provider/call-options.ts";
import type { EgressObserver, EgressPolicy } from "../provider/egress-policy.ts";
import type { Mount, Resources } from "../provider/sandbox.ts";
import type { SandboxProvider } from "../provider/sandbox-provider.ts";
import type { PrepareProgress, TemplateBase, TemplateLayer } from "../provider/template.ts";

/** How `createSandbox` creates a sandbox. Only the provider is required. */
export interface CreateSandboxOptions extends CallOptions {
  readonly provider: SandboxProvider;
  /** The image, Dockerfile or template to start from. The provider's own by default. */
  readonly base?: TemplateBase;
  /** npm packages to install in the template, for example `harness.template()`. None by default. */
  readonly layers?: readonly TemplateLayer[];
  /** The environment of every process. Empty by default; nothing is inherited from the host. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the sandbox may reach. Nothing by default: it has no network. */
  readonly egress?: EgressPolicy;
  /** Receives every request that leaves the sandbox. */
  readonly egressObserver?: EgressObserver;
  /** Limits on processors, memory, processes and disk. The provider's own by default. */
  readonly resources?: Resources;
  /** Host directories to mount. None by default. */
  readonly mounts?: readonly Mount[];
  /** Gives the sandbox a root user of its own, so that `apt` and `sudo` work. False by default. */
  readonly rootInside?: boolean;
  /**
   * How long the sandbox lives when nobody destroys or extends it, in milliseconds. 30 minutes by default. Then it stops
   * and `reap` brings its files back.
   */
  readonly ttlMs?: number;
  /** More labels, to find the sandbox by. The owner's and a unique run id are added. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Calls with the same key create one sandbox. A new key by default. */
  readonly idempotencyKey?: string;
  /** The state directory, which holds the owner's id. `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  readonly home?: string;
  /** Receives the progress of the template's build; the first one can take minutes. */
  readonly onProgress?: (progress: PrepareProgress) => void;
}
