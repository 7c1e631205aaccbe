import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runEventSchema } from "@glovebox/core";
import { assertEnded } from "../case-run/judge.ts";
import { afterFiles, finalText, searched } from "../case-run/success.ts";
import type { HarnessCase } from "../harness-case.ts";

/** What a run that succeeds reports and leaves. */
export const workCases: readonly HarnessCase[] = [
  {
    name: "work/succeeds",
    title: "A tool call makes a file, the file comes back, and the final answer is the run's",
    async run(context) {
      const found = await context.success();
      assertEnded(found, "succeeded", 0);
      assert.equal(await readFile(join(found.outputDirectory, "made.txt"), "utf8"), "made-by-agent\n");
      assert.equal(found.result.message?.trim(), finalText);
      assert.equal(found.events.filter(({ type }) => type === "harness.result").length, 1);
      assert.ok(found.modelRequests >= 2, "The model was not asked");
    },
  },
  {
    name: "work/reports-events",
    title: "Its session, its text, its tool call and what that printed are events of the contract",
    async run(context) {
      const { events } = await context.success();
      for (const event of events) runEventSchema.parse(event);
      const session = events.find((event) => event.type === "harness.session");
      assert.ok(session !== undefined && session.sessionId !== "", "There is no harness.session");
      const text = events.map((event) =>
        event.type === "message.end" || event.type === "text.delta" ? event.text : "",
      );
      assert.ok(text.join("").includes(finalText), "No event has the final text");
      const start = events.find((event) => event.type === "tool.start");
      const end = events.find((event) => event.type === "tool.end");
      assert.ok(start !== undefined && end !== undefined, "There is no tool.start with its tool.end");
      assert.deepEqual([end.callId, end.status], [start.callId, "ok"]);
      assert.ok(end.output.includes(searched), "What its tool printed is not reported");
    },
  },
  {
    name: "work/is-metered",
    title: "The gateway reads what the model's answers used",
    async run(context) {
      const { result, events } = await context.success();
      assert.ok(
        events.some((event) => event.type === "usage" && event.source === "gateway"),
        "Nothing was metered",
      );
      assert.ok((result.tokens?.input ?? 0) > 0 && (result.tokens?.output ?? 0) > 0, "The tokens are not known");
    },
  },
  {
    name: "work/leaves-no-process",
    title: "No process of the program is left when it has ended",
    async run(context) {
      const { outputDirectory } = await context.success();
      const left = await readFile(join(outputDirectory, afterFiles.processes), "utf8");
      assert.equal(left, "", `Processes outlive the program:\n${left}`);
    },
  },
];
