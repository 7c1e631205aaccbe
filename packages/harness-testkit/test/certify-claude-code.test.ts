/** The harness that every change of the repository is certified with. The others: `scripts/certify-harnesses.ts`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createBubblewrapProvider } from "../../../examples/third-party-provider/src/index.ts";
import { repositoryHarnesses } from "../scripts/repository-harnesses.ts";
import { testHarness } from "../src/index.ts";

const claudeCode = repositoryHarnesses.find(({ id }) => id === "claude-code");
if (claudeCode === undefined) throw new Error("claude-code is not among the repository's harnesses");
const stateDir = mkdtempSync(join(tmpdir(), "glovebox-certify-"));
// Registered before the suite's own, so that it runs after it.
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

testHarness({ ...claudeCode.options, provider: createBubblewrapProvider({ stateDir }) });
