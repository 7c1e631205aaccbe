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
export {
  type ApplyConflict,
  type ApplyPlan,
  type ApplyPlanOptions,
  type ApplyReport,
  applyPlan,
  type Collection,
  type CollectOptions,
  collectWorkspace,
  defaultIgnores,
  type ListOptions,
  listWorkspace,
  type PlanApplyOptions,
  planApply,
  type UploadOptions,
  uploadWorkspace,
} from "./files/index.ts";
export {
  type CredentialOption,
  type PackageSourceOptions,
  type PackageSources,
  parseCredentialOption,
  parseHostRule,
  readPackageSources,
  readRemoteHosts,
} from "./network/index.ts";
export { checkRun } from "./run/check-run.ts";
export { type LoadOptions, loadHarness, loadProvider } from "./run/load-plugin.ts";
export { readOwner } from "./run/owner.ts";
export { type FindPluginOptions, findPlugin } from "./run/plugin-source.ts";
export { type LeftSandbox, type ReapOptions, type ReapReport, reap } from "./run/reap.ts";
export { type RunOptions, run } from "./run/run.ts";
export type { Run } from "./run/run-handle.ts";
export { newRunId } from "./run/run-id.ts";
export { type ManifestEntry, type RunResult, runResultSchema, type SkippedEntry } from "./run/run-result.ts";
export type { CollectLimits, RunNetwork, RunSpec } from "./run/run-spec.ts";
export { createRunStore, type RunStore, type RunSummary } from "./run/run-store.ts";
