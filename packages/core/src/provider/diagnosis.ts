import type { Remedy } from "../errors/remedy.ts";
import type { Capabilities } from "./capabilities.ts";

/** One thing that was looked at. `problem` stops a run, `notice` does not. */
export interface Finding {
  /** A stable name: `engine`, `image`, `disk`. */
  readonly name: string;
  readonly status: "ok" | "notice" | "problem";
  /** What was found, in one line. */
  readonly message: string;
  /** What to do about it, in one line. */
  readonly hint?: string;
  /** What would help, for programs. */
  readonly remedy?: Remedy;
}

/** What `preflight` found: whether a run can start here and now, and with which capabilities. */
export interface Diagnosis {
  readonly ready: boolean;
  readonly findings: readonly Finding[];
  /** What is effective here and now; at most what the provider claims. */
  readonly capabilities: Capabilities;
  /**
   * What separates the sandboxes that it creates from the host, where its settings choose that: `runsc`. A run only uses a
   * sandbox of an earlier one where it is the same.
   */
  readonly isolation?: string;
}
