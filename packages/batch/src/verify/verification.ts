import { z } from "zod";

/** Something that could have made the command succeed although the work is not done, and what it was. */
export const cheatSchema = z.object({
  /** What was touched: `test`, `package`, `config`, `cache`; or what was seen while the command ran: `missing-tests`. */
  kind: z.string(),
  /** Relative to the workspace. */
  path: z.string().optional(),
  /** In one line. */
  message: z.string(),
});
/** Something that could have made the command succeed although the work is not done. */
export type Cheat = z.infer<typeof cheatSchema>;

/** What the command of `verify` found in a fresh sandbox. */
export const verificationSchema = z.object({
  /** Whether the command succeeded with the project's own tests, and nothing suggests that its success was faked. */
  passed: z.boolean(),
  /** `not-verified`: Glovebox could not find out, for example because the provider failed. The result may be good or bad. */
  verdict: z.enum(["passed", "failed", "not-verified"]).optional(),
  /** `null` where it is unknown, and where the command was never started. */
  exitCode: z.number().nullable(),
  /** Why, in one line. */
  reason: z.string(),
  /**
   * The agent's changes to what decides the verdict, which were taken back before the command ran, and what looked like a fake
   * while it ran. Not every change of a test is dishonest: with `passed`, they are only to be known.
   */
  cheats: z.array(cheatSchema),
  /** What a success rests on: the test runner's own report, the counts that it printed, or the exit code alone. */
  evidence: z.enum(["report", "output", "exit-code"]).optional(),
  /** Tests that passed, of those that the project's own test files have. Absent where no runner reported them. */
  tests: z.object({ passed: z.number(), expected: z.number() }).optional(),
  /** Test files that the agent added. They are not part of the verification. */
  addedTests: z.array(z.string()).optional(),
  durationMs: z.number(),
  /** The end of the command's output. Untrusted text. */
  outputTail: z.string(),
});
/** What the command of `verify` found in a fresh sandbox. */
export type Verification = z.infer<typeof verificationSchema>;
