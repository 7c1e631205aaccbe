import { createSmallAgent } from "../../../examples/third-party-harness/src/index.ts";
import { agentProfiles, createAcp } from "../../harness-acp/src/index.ts";
import { createClaudeCode } from "../../harness-claude-code/src/index.ts";
import { createCodex } from "../../harness-codex/src/index.ts";
import { createGemini } from "../../harness-gemini/src/index.ts";
import { createOpenCode } from "../../harness-opencode/src/index.ts";
import type { TestHarnessOptions } from "../src/index.ts";

/** How a harness of this repository is certified. */
export interface RepositoryHarness {
  /** What the command calls it. */
  readonly id: string;
  /** Where its report is, from the root of the repository, without `.json` and `.md`. */
  readonly report: string;
  readonly options: Pick<TestHarnessOptions, "create" | "credential" | "model" | "skips">;
}

const acpSkips = {
  "output/malformed-lines":
    "the lines that say how a session began and ended are written on the host; an agent's own lines cannot be among them",
};

/** Every harness of this repository that is certified, in the order of the matrix. */
export const repositoryHarnesses: readonly RepositoryHarness[] = [
  {
    id: "claude-code",
    report: "packages/harness-claude-code/conformance/report",
    options: { create: () => createClaudeCode() },
  },
  {
    id: "codex",
    report: "packages/harness-codex/conformance/report",
    options: { create: () => createCodex() },
  },
  {
    id: "opencode",
    report: "packages/harness-opencode/conformance/report",
    options: { create: () => createOpenCode() },
  },
  {
    id: "gemini",
    report: "packages/harness-gemini/conformance/report",
    options: { create: () => createGemini() },
  },
  ...Object.keys(agentProfiles).map((profile) => ({
    id: `acp-${profile}`,
    report: `packages/harness-acp/conformance/${profile}`,
    options: { create: () => createAcp({ profile }), skips: acpSkips },
  })),
  {
    id: "small-agent",
    report: "examples/third-party-harness/conformance/report",
    options: {
      create: () => createSmallAgent(),
      skips: { "api/429-retry-after": "this example of an agent in 100 lines never tries again" },
    },
  },
];
