import type { Run } from "@glovebox/core";
import type { ScriptStep } from "@glovebox/scripted-model";
import type { CaseContext } from "../case-context.ts";
import type { CaseRun } from "../case-run/case-run.ts";
import { assertEnded } from "../case-run/judge.ts";
import { finalText } from "../case-run/success.ts";
import { startedBy } from "../case-run/wrapped-harness.ts";
import type { HarnessCase } from "../harness-case.ts";

const tool =
  (context: CaseContext, command: string): ScriptStep =>
  ({ tools }) => ({
    text: "I start it.",
    tools: [context.shell(command, tools)],
  });

/** Where a tool says that it runs: programs report some tools only when they have ended. */
const pipe = "/tmp/glovebox-tool-runs";
const toolRuns = "The tool runs.";
const startsPipe = (then: string) => `mkfifo ${pipe}; (cat ${pipe} >&2; ${then}) & exec "$@"`;
const endlessTool = (context: CaseContext) => tool(context, `echo ${toolRuns} > ${pipe}; tail -f /dev/null`);

/** Does something to the run once its tool is running, which never ends by itself. */
async function whileToolRuns(context: CaseContext, then: (run: Run) => void): Promise<CaseRun> {
  return await context.run({
    harness: startedBy(context.harness, startsPipe("true")),
    turns: [endlessTool(context)],
    onEvent: (event, run) => {
      if (event.type === "harness.raw" && event.line === toolRuns) then(run);
    },
  });
}

/** How the program ends before its work does, or after it. */
export const stopCases: readonly HarnessCase[] = [
  {
    name: "stop/cancel",
    title: "A cancel while a tool runs ends the program, with exit code 130",
    async run(context) {
      assertEnded(await whileToolRuns(context, (run) => run.cancel()), "cancelled", 130);
    },
  },
  {
    name: "stop/abort",
    title: "An abort while a tool runs removes the sandbox, with exit code 130",
    async run(context) {
      assertEnded(await whileToolRuns(context, (run) => run.abort()), "cancelled", 130);
    },
  },
  {
    name: "stop/killed",
    title: "A program that is killed fails the run",
    async run(context) {
      // By the shell that started it: some programs refuse to run a tool that kills.
      const harness = startedBy(context.harness, startsPipe("kill -9 -1"));
      assertEnded(await context.run({ harness, turns: [endlessTool(context)] }), "failed", 1);
    },
  },
  {
    name: "stop/hang-after-result",
    title: "A program that hangs after its result is ended, and its result stands",
    async run(context) {
      const harness = startedBy(context.harness, '"$@"; exec sleep 600');
      const spec = { completionTimeoutMs: 1000 };
      assertEnded(await context.run({ harness, turns: [{ text: finalText }], spec }), "succeeded", 0);
    },
  },
  {
    name: "stop/child-outlives",
    title: "A process that outlives the program, and holds its output open, does not keep the run from ending",
    async run(context) {
      const harness = startedBy(context.harness, 'sleep 600 & exec "$@"');
      const found = await context.run({
        harness,
        turns: [tool(context, "(setsid sleep 600 >/dev/null 2>&1 &)"), { text: finalText }],
      });
      assertEnded(found, "succeeded", 0);
    },
  },
];
