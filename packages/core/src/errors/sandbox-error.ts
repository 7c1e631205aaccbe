import type { Remedy } from "./remedy.ts";

/** What went wrong, as a stable word that programs may branch on. Documented in docs/errors.md. */
export type SandboxErrorCode =
  | "not-found"
  | "stopped"
  | "authentication"
  | "quota"
  | "rate-limited"
  | "capability-unsupported"
  | "invalid-options"
  | "template"
  | "component"
  | "timeout"
  | "unavailable"
  | "lost"
  | "aborted"
  | "process"
  | "file"
  | "internal";

/** What an error says beside its code and its message. */
export interface SandboxErrorOptions {
  /** The provider that reports it; absent when no provider was involved. */
  readonly providerId?: string;
  /** Whether the same call may succeed when it is tested again. Each code has a default. */
  readonly retryable?: boolean;
  /** True when a sandbox may exist although `create` failed: look it up by its labels before trying again. */
  readonly mayHaveCreated?: boolean;
  /** One line on what the user can do. */
  readonly hint?: string;
  /** What would help, for programs: they say how it is done. */
  readonly remedy?: Remedy;
  /** For `rate-limited`: how long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const marker = Symbol.for("glovebox.SandboxError");

const retryableByDefault: ReadonlySet<SandboxErrorCode> = new Set(["rate-limited", "unavailable"]);

/**
 * The one error family that leaves a Glovebox package.
 *
 * `message` is one line for a user, `hint` says what to do about it, `code` is for programs. Two copies of this
 * package recognise each other's errors: use {@link SandboxError.isInstance} rather than `instanceof`.
 */
export class SandboxError extends Error {
  override readonly name: string = "SandboxError";
  readonly code: SandboxErrorCode;
  readonly providerId: string | undefined;
  readonly retryable: boolean;
  readonly mayHaveCreated: boolean;
  readonly hint: string | undefined;
  readonly remedy: Remedy | undefined;
  readonly retryAfterMs: number | undefined;
  readonly [marker] = true;

  constructor(code: SandboxErrorCode, message: string, options: SandboxErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.providerId = options.providerId;
    this.retryable = options.retryable ?? retryableByDefault.has(code);
    this.mayHaveCreated = options.mayHaveCreated ?? false;
    this.hint = options.hint;
    this.remedy = options.remedy;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether `value` is an error of this family, also when another copy of the package made it. */
  static isInstance(value: unknown): value is SandboxError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }
}
