export type { Remedy } from "./remedy.ts";
export { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from "./sandbox-error.ts";
export {
  CapabilityUnsupportedError,
  ComponentError,
  InvalidOptionsError,
  SandboxAbortedError,
  SandboxAuthenticationError,
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
} from "./sandbox-errors.ts";
