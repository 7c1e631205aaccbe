/**
 * Runs, sandboxes, budgets, results: what most programs need.
 *
 * @module @glovebox/core
 */
export { createSandbox } from "./api/create-sandbox.ts";
export type { CreateSandboxOptions } from "./api/create-sandbox-options.ts";
export { environmentCredential } from "./api/environment-credential.ts";
export { type CredentialSource, type FoundCredential, findCredential } from "./api/find-credential.ts";
export { fork } from "./api/fork.ts";
export type { ForkInput } from "./api/fork-input.ts";
export type { ForkOptions } from "./api/fork-options.ts";
export { checkUpstream, modelUpstream } from "./api/model-upstream.ts";
export { resume } from "./api/resume.ts";
export type { ResumeInput } from "./api/resume-input.ts";
export { run } from "./api/run.ts";
export { runAll } from "./api/run-all.ts";
export type { RunAllOptions } from "./api/run-all-options.ts";
export type { RunInput } from "./api/run-input.ts";
export type { RunSpecInput } from "./api/run-spec-input.ts";
export { BoundedProvider } from "./bounds/bounded-provider.ts";
export { type BudgetOptions, budget } from "./budget/budget.ts";
export type { BudgetNode } from "./budget/budget-node.ts";
export { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from "./errors/index.ts";
export { type HarnessEvent, harnessEventSchema } from "./events/harness-event.ts";
export {
  type Cleanup,
  type RunEvent,
  type RunEventBody,
  type RunOutcome,
  type RunPhase,
  runEventSchema,
  runOutcomeSchema,
  runPhaseSchema,
} from "./events/run-event.ts";
export { stallBegin } from "./events/stall-begin.ts";
export { type ExecOptions, type ExecResult, exec } from "./exec/index.ts";
export {
  type ApplyConflict,
  type ApplyPlan,
  type ApplyPlanOptions,
  type ApplyReport,
  applyPlan,
  type ChangedLines,
  type CollectedFiles,
  type Collection,
  type CollectLimits,
  type CollectOptions,
  type CopiedFiles,
  type CopyFromSandboxOptions,
  type CopyToSandboxOptions,
  checkOutputDirectory,
  collectWorkspace,
  copyFromSandbox,
  copyToSandbox,
  defaultIgnores,
  type HistoryScope,
  hasCommits,
  historyScopes,
  type ListOptions,
  lastApplied,
  listWorkspace,
  type ManifestEntry,
  type OpenDiffOptions,
  type OpenRunFilesOptions,
  type OutputDirectoryOptions,
  openDiff,
  openRunFiles,
  type PackWorkspaceOptions,
  PathSelection,
  type PathSelectionOptions,
  type PlacedEntry,
  type PlanApplyOptions,
  packWorkspace,
  planApply,
  planUndo,
  type ReceiveFilesOptions,
  type RunDiff,
  type RunFiles,
  receiveFiles,
  type SkippedEntry,
  type UndoPlan,
  type UndoReport,
  type UnpackArchiveOptions,
  type UnpackedArchive,
  type UploadOptions,
  undoApply,
  unpackArchive,
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
export { type AddedPlace, addedPlaces } from "./run/checks/added-places.ts";
export { checkRun } from "./run/checks/check-run.ts";
export { hasConversation } from "./run/continuation/collect-session.ts";
export { type ForkPoint, type ForkPointOptions, forkPoint } from "./run/fork/fork-point.ts";
export { hasSnapshots, removeSnapshots } from "./run/fork/kept-snapshots.ts";
export { AnswerSchema } from "./run/harness/answer-schema.ts";
export { journalFullCode } from "./run/journal/journal-shares.ts";
export type { JournalTail } from "./run/journal/journal-tail.ts";
export type { RunUsage, UsageEvent } from "./run/journal/read-usage.ts";
export type { Redactor } from "./run/journal/redactor.ts";
export { runRedactor } from "./run/journal/run-redactor.ts";
export {
  type LoadOptions,
  loadHarness,
  loadHarnessPlugin,
  loadProvider,
  loadProviderPlugin,
} from "./run/plugins/load-plugin.ts";
export { type FindPluginOptions, findPlugin } from "./run/plugins/plugin-source.ts";
export { LeaseKeeper, type LeaseKeeperOptions } from "./run/recovery/lease-keeper.ts";
export { type LeftSandbox, type ReapOptions, type ReapReport, reap } from "./run/recovery/reap.ts";
export { wasAbandoned } from "./run/recovery/recover-run.ts";
export type { Run } from "./run/run-handle.ts";
export { type RunResult, runResultSchema } from "./run/run-result.ts";
export type { ModelCredential, RunNetwork, RunSpec } from "./run/run-spec.ts";
export type { RunOptions } from "./run/start-run.ts";
export { readOwner } from "./run/state/owner.ts";
export { newRunId } from "./run/state/run-id.ts";
export { createRunStore, type RunStore, type RunSummary } from "./run/state/run-store.ts";
export { noteViewer } from "./run/viewers.ts";
export { type ExportedSession, type ExportSessionOptions, exportSession } from "./session/export-session.ts";
export type { SecretInFile } from "./session/exported-file.ts";
export { type ImportedSession, type ImportSessionOptions, importSession } from "./session/import-session.ts";
export { knownSecrets } from "./session/known-secrets.ts";
export { readSessionConversation } from "./session/read-session-conversation.ts";
export { readSessionFile, type SessionFile, type SessionPiece } from "./session/read-session-file.ts";
export type { SecretFinding, SecretScanner } from "./session/secret-scanner.ts";
export { sessionLimits } from "./session/session-limits.ts";
export type { SessionFileEntry, SessionManifest } from "./session/session-manifest.ts";
export { type ReadTextFileOptions, readTextFile } from "./text-files/read-text-file.ts";
export type { TextEncoding } from "./text-files/text-encoding.ts";
export { type WriteTextFileOptions, writeTextFile } from "./text-files/write-text-file.ts";
export type { InsideProcess, InsideUsage } from "./usage/inside-usage.ts";
export { measureInside } from "./usage/measure-inside.ts";
