/**
 * The contract of providers: sandboxes, files, processes, egress, errors.
 *
 * @module @glovebox/core/provider
 */
export {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  type Remedy,
  SandboxAbortedError,
  SandboxAuthenticationError,
  SandboxError,
  type SandboxErrorCode,
  type SandboxErrorOptions,
  SandboxFileError,
  SandboxLostError,
  SandboxNotFoundError,
  SandboxProcessError,
  SandboxQuotaError,
  SandboxRateLimitedError,
  SandboxStoppedError,
  SandboxTimeoutError,
  SandboxUnavailableError,
  TemplateError,
} from "../errors/index.ts";
export type { CallOptions } from "./call-options.ts";
export type { Capabilities } from "./capabilities.ts";
export { checkArgv } from "./check-argv.ts";
export type {
  BudgetKind,
  BudgetNodeOptions,
  BudgetTotals,
  CostBudget,
  ExceededBudget,
  ExpectedSpend,
  KnownSpend,
} from "./cost-budget.ts";
export type { Diagnosis, Finding } from "./diagnosis.ts";
export { dropUndefined } from "./drop-undefined.ts";
export type {
  CredentialRule,
  DenyRule,
  EgressEvent,
  EgressFailure,
  EgressMode,
  EgressObserver,
  EgressPolicy,
  HeaderCredential,
  HostRule,
  ModelApi,
  ModelRoute,
  ModelUsage,
  PathRule,
  RouteCredential,
} from "./egress-policy.ts";
export type { FileChange, WatchOptions } from "./file-change.ts";
export { isLoopbackName } from "./loopback-name.ts";
export type { AccountRequest, Authorization, ModelAccount } from "./model-account.ts";
export type { ModelPrice, ModelPrices } from "./model-prices.ts";
export {
  type ConnectOptions,
  type CreateOptions,
  type Mount,
  ownerLabel,
  type Resources,
  runLabel,
  type Sandbox,
  type SandboxInfo,
  type SandboxSpec,
  type SandboxState,
  type SandboxStats,
  sandboxUser,
  workspaceDir,
} from "./sandbox.ts";
export type { SandboxEndpoint } from "./sandbox-endpoint.ts";
export type { FileInfo, FileKind, GetArchiveOptions, SandboxFiles } from "./sandbox-files.ts";
export type { OutputChunk, ProcessExit, ProcessInfo, SandboxProcess, SpawnOptions } from "./sandbox-process.ts";
export type { ListFilter, PreflightOptions, ProviderPlugin, SandboxProvider } from "./sandbox-provider.ts";
export type { AttachedTerminal, SandboxTerminal, TerminalOptions, TerminalSize } from "./sandbox-terminal.ts";
export { Secret } from "./secret.ts";
export type { Spend } from "./spend.ts";
export type { Readiness, StartCommand } from "./start-command.ts";
export type {
  PrepareOptions,
  PrepareProgress,
  RemoveTemplateOptions,
  Template,
  TemplateBase,
  TemplateInfo,
  TemplateLayer,
  TemplateSpec,
} from "./template.ts";
export { unsupported } from "./unsupported.ts";
