import type { EgressMode } from "@glovebox/core/provider";

/** What the command line and `GLOVEBOX_…` variables say of a run, each value parsed by itself. */
export interface RunOptions {
  readonly prompt?: string;
  readonly promptFile?: string;
  readonly directory?: string;
  readonly provider?: string;
  readonly sandbox?: string;
  readonly harness?: string;
  readonly workspace?: string;
  readonly output?: string;
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly network?: EgressMode;
  readonly allowHost?: readonly string[];
  readonly credential?: readonly string[];
  readonly timeout?: number;
  readonly idleTimeout?: number;
  readonly lease?: number;
  readonly cpus?: number;
  readonly memory?: number;
  readonly pids?: number;
  readonly openFiles?: number;
  readonly tmpSize?: number;
  readonly disk?: number;
  readonly maxFileSize?: number;
  readonly maxTotalSize?: number;
  readonly label?: readonly string[];
  readonly mount?: readonly string[];
  readonly rootInside?: boolean;
  readonly runtime?: string;
  readonly image?: string;
  readonly dockerfile?: string;
  readonly buildArg?: readonly string[];
  readonly ignore?: readonly string[];
  readonly keep?: boolean;
  readonly model?: string;
  readonly maxTurns?: number;
  readonly maxCost?: number;
  readonly maxBudgetUsd?: number;
  readonly allowedTools?: readonly string[];
  readonly appendSystemPrompt?: string;
  readonly anthropicApiKey?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}
