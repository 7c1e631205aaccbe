import { createSmallAgent } from "../../../examples/third-party-harness/src/index.ts";
import { createClaudeCode } from "../../harness-claude-code/src/index.ts";
import type { TestHarnessOptions } from "../src/index.ts";

/** How a harness of this repository is certified. */
export interface RepositoryHarness {
  /** What the command calls it. */
  readonly id: string;
  /** Its directory, from the root of the repository: its report is in `conformance/` there. */
  readonly directory: string;
  readonly options: Pick<TestHarnessOptions, "create" | "credential" | "model" | "skips">;
}

/** Every harness of this repository that is certified, in the order of the matrix. */
export const repositoryHarnesses: readonly RepositoryHarness[] = [
  {
    id: "claude-code",
    directory: "packages/harness-claude-code",
    options: { create: () => createClaudeCode() },
  },
  {
    id: "small-agent",
    directory: "examples/third-party-harness",
    options: {
      create: () => createSmallAgent(),
      skips: { "api/429-retry-after": "this example of an agent in 100 lines never tries again" },
    },
  },
];
