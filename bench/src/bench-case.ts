import type { BenchSetup } from "./bench-setup.ts";
import type { Sample } from "./measure.ts";

/** One thing that is measured, the same for every contender. */
export interface BenchCase {
  readonly title: string;
  /** The contender that the others are held against. */
  readonly reference: string;
  run(setup: BenchSetup): Promise<readonly Sample[]>;
}
