import type { Remedy } from "../errors/remedy.ts";
import type { CollectLimits } from "../files/collect/collect-limits.ts";
import type { HistoryScope } from "../files/git/history-scope.ts";
import type { ComponentSet } from "../harness/component-set.ts";
import type { Harness, HarnessTask } from "../harness/harness.ts";
import type { PermissionQuestion } from "../harness/permission-question.ts";
import type { CostBudget } from "../provider/cost-budget.ts";
import type { CredentialRule, EgressMode, HostRule } from "../provider/egress-policy.ts";
import type { ModelAccount } from "../provider/model-account.ts";
import type { ModelPrices } from "../provider/model-prices.ts";
import type { Mount, Resources } from "../provider/sandbox.ts";
import type { SandboxProvider } from "../provider/sandbox-provider.ts";
import type { Secret } from "../provider/secret.ts";
import type { StartCommand } from "../provider/start-command.ts";
import type { Template, TemplateBase } from "../provider/template.ts";

/** The credential that a harness uses: a secret, or an account that authenticates each request. Both stay on the host. */
export type ModelCredential = {
  /** The variable of the harness that it stands for. */
  readonly variable: string;
  /** Where the model's API is when it is not the harness's own. */
  readonly upstream?: string;
  /** Further variables for the harness, such as the region of a cloud. No secrets. */
  readonly environment?: Readonly<Record<string, string>>;
} & (
  | { readonly secret: Secret; readonly account?: undefined }
  | { readonly account: ModelAccount; readonly secret?: undefined }
);

/** Everything that a run needs to know; nothing is read from the environment behind the caller's back. */
export interface RunSpec {
  readonly provider: SandboxProvider;
  readonly harness: Harness;
  readonly task: Omit<HarnessTask, "workspaceDir" | "addedDirectories" | "components" | "asksPermission">;
  readonly credential: ModelCredential;
  /** What the sandbox may reach besides the model. Default: `sealed`. */
  readonly network?: RunNetwork;
  /** Says how something that was refused would be allowed, as the program that starts the run names it: to the agent inside. */
  readonly describeRemedy?: (remedy: Remedy) => string;
  /**
   * Starts the harness in a terminal of the sandbox, which users attach to and leave while the run continues. The prompt may be
   * empty. The run ends with the program; it succeeds if the program exits with 0. The harness and the provider have to support
   * it.
   */
  readonly interactive?: boolean;
  /**
   * Has the agent ask before it acts, and answers: whether it may. The signal is aborted when the run stops, which is a no. The
   * time of the answer does not count as silence. Default: the agent does everything without asking, because the sandbox is
   * the limit. The harness has to support it.
   */
  readonly permit?: (question: PermissionQuestion, signal: AbortSignal) => Promise<boolean>;
  /** What the models may cost in all, in US dollars: enforced outside the sandbox. */
  readonly maxCostUsd?: number;
  /** How many tokens the models may use in all: input, output, and written to the cache, but not read from it. */
  readonly maxTokens?: number;
  /**
   * What each sub-agent of the harness may cost, in US dollars. It ends that sub-agent, not the run. The harness names the
   * sub-agent in its requests, and whatever runs in the sandbox can leave the name out: such a request counts for the run.
   */
  readonly maxCostPerAgentUsd?: number;
  /** How many tokens each sub-agent may use. See `maxCostPerAgentUsd`. */
  readonly maxTokensPerAgent?: number;
  /**
   * Lets a request to a model leave only if the most that it can use fits into what is left of the run's limits, so that they
   * are never exceeded. Default: false.
   */
  readonly strictBudget?: boolean;
  /**
   * A limit that other runs share, beside the run's own: `budget({ usd })`. A run whose next request does not fit into what is
   * left of it ends with the outcome `budget-exceeded`.
   */
  readonly budget?: CostBudget;
  /** What the models cost where the harness's own list says otherwise or nothing. */
  readonly prices?: ModelPrices;
  /** What the sandbox starts from. Default: the provider's own. */
  readonly base?: TemplateBase;
  /** Runs beside the harness, from before its start until the files are collected. */
  readonly start?: StartCommand;
  /** A project on the host that goes in first. */
  readonly workspace?: string;
  /**
   * Further directories on the host, at most 16: a copy of each goes in for the agent to read, as `/home/agent/reference/NAME`,
   * by the rules of a workspace and without its git history. Nothing of them comes back. The harness has to take them.
   */
  readonly addedDirectories?: readonly string[];
  /**
   * The id of an earlier run of this state directory, whose files and conversation the harness continues with. A run that kept
   * its sandbox hands it over, if everything that this run requires of a sandbox is the same and the workspace has not changed
   * since. Otherwise a new sandbox gets the workspace, the files and the conversation. The workspace on the host is not changed.
   */
  readonly continues?: string;
  /**
   * Makes this run one of several that continue `continues`: it leaves the kept sandbox to the other run, and its session gets
   * an id of its own. With a snapshot of that run's sandbox, from `forkPoint`, it starts from there, if it requires the same of
   * a sandbox; what has changed in the project since is then left alone.
   */
  readonly fork?: { readonly snapshot?: Template };
  /** How much of the project's git history goes in. Default: `default`. */
  readonly history?: HistoryScope;
  /**
   * Installed into the workspace before the harness starts, and proven to be loaded before it gets the prompt. What of it
   * the run leaves as it was does not come back. The harness has to support components.
   */
  readonly components?: ComponentSet;
  /** Where the files go: an absolute path on the host. Made when it is missing. */
  readonly outputDirectory: string;
  /** Lets files in the output give way that no run wrote. Without it a run with such an output does not start. */
  readonly overwrite?: boolean;
  /** Environment inside the sandbox. Values that are secrets are given as `Secret` and redacted wherever they appear. */
  readonly env?: Readonly<Record<string, string | Secret>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly resources?: Resources;
  readonly mounts?: readonly Mount[];
  readonly rootInside?: boolean;
  /** Limits the run from its start to the end of the harness. Default: `runSettings.timeout.default`. */
  readonly timeoutMs?: number;
  /** Limits the time without activity: output, model traffic, processor time. Default: `runSettings.idleTimeout.default`. */
  readonly idleTimeoutMs?: number;
  /** How long the harness may run after its final result. Each output restarts the time, up to six times as long in all. Default: 10 seconds. */
  readonly completionTimeoutMs?: number;
  /** The sandbox's lease, extended during the run; at least 10 seconds. Default: `runSettings.lease.default`. */
  readonly leaseMs?: number;
  /** Left out of the result, in .gitignore syntax. Default: `defaultIgnores`. */
  readonly ignore?: readonly string[];
  /** Leaves the sandbox running, until its lease ends. */
  readonly keep?: boolean;
  /** Makes a snapshot of the sandbox at the end, which stays until the run is removed: forks of the run start from it, and need not make one. */
  readonly keepSnapshot?: boolean;
  readonly limits?: CollectLimits;
  /** The state directory, which holds the journals and the owner's id, as an absolute path. `run` has a default for it. */
  readonly home: string;
}

/** What a run's sandbox may reach besides its model. */
export interface RunNetwork {
  readonly mode: EgressMode;
  /** In `standard`, the hosts of the template's own package registries are added. */
  readonly allow?: readonly HostRule[];
  readonly credentials?: readonly CredentialRule[];
}
