import { inspect } from "node:util";
import Docker from "dockerode";
import { expect, test } from "vitest";
import { watchAnswers } from "./watch-answers.ts";

test("what dockerode prints of a request ends at the agent, however much is open there", () => {
  const engine = new Docker({ socketPath: "/nowhere.sock" });
  watchAnswers(engine);
  const { agent } = engine.modem as unknown as { agent: unknown };
  expect(inspect({ agent }, { showHidden: true, depth: null })).toBe("{ agent: Agent }");
});
