import { SandboxError, type SandboxErrorOptions } from "./sandbox-error.ts";

/** The sandbox, process or file definitely does not exist at the provider; it is not merely out of reach. */
export class SandboxNotFoundError extends SandboxError {
  override readonly name = "SandboxNotFoundError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("not-found", message, options);
  }
}

/** The sandbox exists but does not run: its lease ended or it was stopped. `connect(id, { wakeForMs })` starts it. */
export class SandboxStoppedError extends SandboxError {
  override readonly name = "SandboxStoppedError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("stopped", message, options);
  }
}

/** The provider refused the credentials it was given. */
export class SandboxAuthenticationError extends SandboxError {
  override readonly name = "SandboxAuthenticationError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("authentication", message, options);
  }
}

/** A limit of the plan, the disk or the machine stands in the way; the same call fails again until it is lifted. */
export class SandboxQuotaError extends SandboxError {
  override readonly name = "SandboxQuotaError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("quota", message, options);
  }
}

/** The provider asks to slow down; `retryAfterMs` holds its wish where it gave one. */
export class SandboxRateLimitedError extends SandboxError {
  override readonly name = "SandboxRateLimitedError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("rate-limited", message, options);
  }
}

/** Something was asked that this provider cannot enforce or do here. Nothing was created. */
export class CapabilityUnsupportedError extends SandboxError {
  override readonly name = "CapabilityUnsupportedError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("capability-unsupported", message, options);
  }
}

/** The options contradict the contract: an unknown user, a bad path, a label that is too long. Nothing was created. */
export class InvalidOptionsError extends SandboxError {
  override readonly name = "InvalidOptionsError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("invalid-options", message, options);
  }
}

/** The template could not be built, pulled or found. `message` ends with the failing step's own output. */
export class TemplateError extends SandboxError {
  override readonly name = "TemplateError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("template", message, options);
  }
}

/** A call took longer than it was given. */
export class SandboxTimeoutError extends SandboxError {
  override readonly name = "SandboxTimeoutError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("timeout", message, options);
  }
}

/** The provider cannot be reached or is out of order for the moment. */
export class SandboxUnavailableError extends SandboxError {
  override readonly name = "SandboxUnavailableError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("unavailable", message, options);
  }
}

/** A stream or a connection broke in the middle: what happened beyond it is unknown. */
export class SandboxLostError extends SandboxError {
  override readonly name = "SandboxLostError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("lost", message, options);
  }
}

/** The caller's `AbortSignal` fired. */
export class SandboxAbortedError extends SandboxError {
  override readonly name = "SandboxAbortedError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("aborted", message, options);
  }
}

/** A process could not be started: the program is missing, the directory is not one, the limit of processes is reached. */
export class SandboxProcessError extends SandboxError {
  override readonly name = "SandboxProcessError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("process", message, options);
  }
}

/** A file operation in the sandbox failed; `message` names the path and the operating system's reason. */
export class SandboxFileError extends SandboxError {
  override readonly name = "SandboxFileError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("file", message, options);
  }
}

/** A component that was named is not what the harness has loaded. The prompt was not sent. */
export class ComponentError extends SandboxError {
  override readonly name = "ComponentError";
  constructor(message: string, options?: SandboxErrorOptions) {
    super("component", message, options);
  }
}
