export { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from "./errors/index.ts";
export { type HarnessEvent, harnessEventSchema } from "./events/harness-event.ts";
export {
  type Cleanup,
  type RunEvent,
  type RunEventBody,
  type RunOutcome,
  type RunPhase,
  runEventSchema,
} from "./events/run-event.ts";
export { type ManifestEntry, type RunResult, runResultSchema, type SkippedEntry } from "./run/run-result.ts";
export type { CollectLimits, RunSpec } from "./run/run-spec.ts";
