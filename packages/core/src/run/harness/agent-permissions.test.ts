import { expect, it } from "vitest";
import { AgentPermissions } from "./agent-permissions.ts";

const question = { name: "Bash", input: {} };

it("says no for what nobody answers: once the run stops, after an error, and with too many questions", async () => {
  const stop = new AbortController();
  const open: ((answer: boolean) => void)[] = [];
  const permit = () => new Promise<boolean>((resolve) => open.push(resolve));
  const permissions = new AgentPermissions({ permit, touch: () => {}, stopping: stop.signal });
  const questions = Array.from({ length: 33 }, () => permissions.ask(question));
  expect(await questions[32]).toBe(false);
  expect(open).toHaveLength(32);
  open[0]?.(true);
  expect(await questions[0]).toBe(true);
  stop.abort();
  expect(await Promise.all(questions.slice(1))).toEqual(Array(32).fill(false));
  expect(await permissions.ask(question)).toBe(false);
  expect(open).toHaveLength(32);
  const failing = new AgentPermissions({
    permit: async () => {
      throw new Error("the editor has gone");
    },
    touch: () => {},
    stopping: new AbortController().signal,
  });
  expect(await failing.ask(question)).toBe(false);
});
