import type { ComponentSet } from "../harness/component-set.ts";
import type { Harness, HarnessTask } from "../harness/harness.ts";
import type { CredentialRule, EgressMode, HostRule } from "../provider/egress-policy.ts";
import type { ModelPrices } from "../provider/model-prices.ts";
import type { Mount, Resources } from "../provider/sandbox.ts";
import type { SandboxProvider } from "../provider/sandbox-provider.ts";
import type { Secret } from "../provider/secret.ts";
import type { TemplateBase } from "../provider/template.ts";

/** Everything that a run needs to know; nothing is read from the environment behind the caller's back. */
export interface RunSpec {
  readonly provider: SandboxProvider;
  readonly harness: Harness;
  readonly task: Omit<HarnessTask, "workspaceDir">;
  /**
   * The credential that the harness uses, by the variable it came from, and where the model's API is when it is not the
   * harness's own. The value stays on the host.
   */
  readonly credential: { readonly variable: string; readonly secret: Secret; readonly upstream?: string };
  /** What the sandbox may reach beside the model. `sealed` unless given. */
  readonly network?: RunNetwork;
  /** What the models may cost in all, in US dollars: enforced outside the sandbox. */
  readonly maxCostUsd?: number;
  /** What the models cost where the harness's own list says otherwise or nothing. */
  readonly prices?: ModelPrices;
  /** What the sandbox starts from; the provider's own unless given. */
  readonly base?: TemplateBase;
  /** A project on the host that goes in first. */
  readonly workspace?: string;
  /**
   * Installed into the workspace before the harness starts, and proven to be loaded before it gets the prompt. What of it
   * the run leaves as it was does not come back. The harness has to support components.
   */
  readonly components?: ComponentSet;
  /** Where the files go: an absolute path on the host. Made when it is missing. */
  readonly outputDir: string;
  /** Environment inside the sandbox. Values that are secrets are given as `Secret` and redacted wherever they appear. */
  readonly env?: Readonly<Record<string, string | Secret>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly resources?: Resources;
  readonly mounts?: readonly Mount[];
  readonly rootInside?: boolean;
  /** The whole run, from start to the end of the harness. 30 minutes unless given. */
  readonly timeoutMs?: number;
  /** Without any sign of life: output, model traffic, processor time. 10 minutes unless given. */
  readonly idleTimeoutMs?: number;
  /** How long the harness may go on after its own last word. 10 seconds unless given. */
  readonly completionTimeoutMs?: number;
  /** The sandbox's lease, extended while the run lives. 5 minutes unless given, 10 seconds at least. */
  readonly leaseMs?: number;
  /** Left out of the result, in the words of .gitignore. `defaultIgnores` unless given. */
  readonly ignore?: readonly string[];
  /** Leaves the sandbox running, until its lease ends. */
  readonly keep?: boolean;
  readonly limits?: CollectLimits;
  /** The state folder: journals, the owner's id. `$GLOVEBOX_HOME`, or ~/.glovebox. */
  readonly home: string;
}

export interface RunNetwork {
  readonly mode: EgressMode;
  /** In `standard`, the hosts of the template's own package registries are added. */
  readonly allow?: readonly HostRule[];
  readonly credentials?: readonly CredentialRule[];
}

export interface CollectLimits {
  /** The most that is written in all, in bytes. 10 GiB unless given. */
  readonly totalBytes?: number;
  /** The largest single file, in bytes. 5 GiB unless given. */
  readonly fileBytes?: number;
}
