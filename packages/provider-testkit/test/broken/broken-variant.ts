import type { SandboxProvider } from "@glovebox/core/provider";

/** A provider that breaks one rule, made of one that keeps them all. */
export interface BrokenVariant {
  /** What it does wrong. */
  readonly name: string;
  /** The case that must fail on it. */
  readonly caughtBy: string;
  /** Whether the case waits until its time is over. */
  readonly hangs?: boolean;
  breaks(provider: SandboxProvider): SandboxProvider;
}
