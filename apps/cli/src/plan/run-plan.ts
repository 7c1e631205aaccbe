import type { PlannedComponent } from "@glovebox/components";
import type { RunSpec } from "@glovebox/core";
import type { Harness, JsonSchema } from "@glovebox/core/harness";
import type { LoadedProvider } from "../config/plugins.ts";
import type { RunOptions } from "../config/run-options.ts";
import type { NotifySettings } from "../notify/notify-settings.ts";
import type { Terminal } from "../terminal.ts";

/** A run as the command line, the environment and the configuration together describe it. */
export interface RunPlan {
  readonly runId: string;
  readonly spec: RunSpec;
  /** Makes this host ready for the provider. */
  readonly setUp: LoadedProvider["setUp"];
  /** Where the credential was found. */
  readonly credentialSource: string;
  /** The variables among the sandbox's own that make its package managers use the user's registries. */
  readonly packageEnv: Readonly<Record<string, string>>;
  /** The hosts of the workspace's git remotes that the sandbox may not reach. */
  readonly refusedRemotes: readonly string[];
  /** The components to install, with what each needs. */
  readonly components: readonly PlannedComponent[];
  /** Who is notified about it. */
  readonly notify: NotifySettings | undefined;
  /** Shown to the user before it starts. */
  readonly warnings: readonly string[];
}

export interface ResolveRunInput {
  readonly prompt: string;
  /** A new id by default. */
  readonly runId?: string;
  readonly options: RunOptions;
  readonly extraArgs: readonly string[];
  /** What the answer has to match. */
  readonly jsonSchema?: JsonSchema | undefined;
  readonly terminal: Terminal;
  /** The current directory. */
  readonly directory: string;
  /**
   * Asks for what is still missing, once the credential was found. `setUp` makes this host ready for the provider, so that
   * nobody answers questions for a run that cannot start.
   */
  readonly ask?: (setUp: LoadedProvider["setUp"]) => Promise<RunAnswers>;
  /** Asked before anything is installed on this host. */
  readonly consent: (question: string) => Promise<boolean>;
  /** Asks whether a git host may be reached; `undefined` where nobody can be asked. Without it, no question is asked. */
  readonly askTrust?: (question: string) => Promise<boolean | undefined>;
  /** Asked before a component gets a value of the user's environment; without it, none does. */
  readonly consentToGive?: (question: string) => Promise<boolean>;
  /** Asks for a value that a component needs; `undefined` where nobody can be asked. */
  readonly askValue?: (question: string) => Promise<string | undefined>;
  /** The credential to use when none is found; without it that is an error. */
  readonly fallbackCredential?: (harness: Harness) => Promise<RunCredential>;
  /** Uses the fallback without looking for a credential. */
  readonly preferFallback?: boolean;
}

/** What the user answered before the run is planned. */
export interface RunAnswers {
  readonly prompt?: string;
  /** Sub-agents, beside those of `--agent`. */
  readonly agents?: readonly string[];
}

/** A credential as a run takes it, and where it came from. */
export interface RunCredential {
  readonly credential: RunSpec["credential"];
  readonly source: string;
}
