import type { Harness, HarnessCommand, HarnessEvent } from "@glovebox/core/harness";

/** A harness that breaks one rule, made of one that keeps them all. */
export interface BrokenVariant {
  /** What it does wrong. */
  readonly name: string;
  /** The case that must fail on it. */
  readonly caughtBy: string;
  readonly breaks: (harness: Harness, key: string) => Harness;
}

const changedCommand = (harness: Harness, change: (command: HarnessCommand) => Partial<HarnessCommand>): Harness => ({
  ...harness,
  command: (task) => {
    const command = harness.command(task);
    return { ...command, ...change(command) };
  },
});

const changedEvents = (harness: Harness, change: (event: HarnessEvent) => readonly HarnessEvent[]): Harness => ({
  ...harness,
  async *parse(lines) {
    for await (const event of harness.parse(lines)) yield* change(event);
  },
});

const shell = (script: string, { argv }: HarnessCommand): HarnessCommand["argv"] =>
  [...["/bin/sh", "-c", script, "sh"], ...argv] as unknown as HarnessCommand["argv"];

/** Keeps to itself how the API answered: the run has it from the gateway. */
export const withoutStatus = (harness: Harness): Harness =>
  changedEvents(harness, (event) => {
    if (event.type !== "harness.result") return [event];
    const { apiStatus: _, ...rest } = event;
    return [rest];
  });

export const brokenVariants: readonly BrokenVariant[] = [
  {
    name: "reports success on a 401",
    caughtBy: "api/401",
    breaks: (harness) => ({
      ...harness,
      outcome: () => ({ ok: true, reason: "done", message: "Done." }),
    }),
  },
  {
    name: "exits with 0 on a stream that is cut, and takes that for success",
    caughtBy: "api/cut-stream",
    breaks: (harness) => ({
      ...changedCommand(harness, (command) => ({ argv: shell('"$@"; exit 0', command) })),
      outcome: (result, exit, tail) =>
        exit.exitCode === 0 ? { ok: true, reason: "done", message: "Done." } : harness.outcome(result, exit, tail),
    }),
  },
  {
    name: "leaves a child",
    caughtBy: "work/leaves-no-process",
    breaks: (harness) =>
      changedCommand(harness, (command) => ({ argv: shell('sleep 600 >/dev/null 2>&1 & exec "$@"', command) })),
  },
  {
    name: "drops tool.end",
    caughtBy: "work/reports-events",
    breaks: (harness) => changedEvents(harness, (event) => (event.type === "tool.end" ? [] : [event])),
  },
  {
    name: "drops the tool.end of a call that is interrupted",
    caughtBy: "output/cut-off",
    breaks: (harness) =>
      changedEvents(harness, (event) => (event.type === "tool.end" && event.status === "interrupted" ? [] : [event])),
  },
  {
    name: "takes what was said last for the result where none came",
    caughtBy: "output/cut-off",
    breaks: (harness) => ({
      ...harness,
      async *parse(lines) {
        let [said, hasResult] = ["", false];
        for await (const event of harness.parse(lines)) {
          if (event.type === "message.end") said = event.text;
          if (event.type === "harness.result") hasResult = true;
          yield event;
        }
        if (!hasResult) yield { type: "harness.result", ok: true, reason: "done", message: said };
      },
    }),
  },
  {
    name: "drops lines that it does not know",
    caughtBy: "output/unknown-lines",
    breaks: (harness) => changedEvents(harness, (event) => (event.type === "harness.raw" ? [] : [event])),
  },
  {
    name: "gives a result for each one that is printed",
    caughtBy: "output/repeated",
    breaks: (harness) =>
      changedEvents(harness, (event) => (event.type === "harness.result" ? [event, event] : [event])),
  },
  {
    name: "puts the key into argv",
    caughtBy: "sealed/key",
    breaks: (harness, key) => changedCommand(harness, ({ argv }) => ({ argv: [...argv, key] })),
  },
  {
    name: "puts the key into the environment",
    caughtBy: "sealed/key",
    breaks: (harness, key) => changedCommand(harness, ({ env }) => ({ env: { ...env, OTHER_KEY: key } })),
  },
  {
    name: "puts the key into a file",
    caughtBy: "sealed/key",
    breaks: (harness, key) =>
      changedCommand(harness, () => ({ files: [{ path: "/home/agent/.agent/key", content: key }] })),
  },
  {
    name: "asks for another host",
    caughtBy: "sealed/no-other-host",
    breaks: (harness) =>
      changedCommand(harness, (command) => ({
        argv: shell('node -e \'fetch("http://telemetry.test/").catch(() => {})\' ; exec "$@"', command),
      })),
  },
  {
    name: "looks a name up",
    caughtBy: "sealed/no-names",
    breaks: (harness) =>
      changedCommand(harness, (command) => ({
        argv: shell('node -e \'require("dns").resolve("telemetry.test", () => {})\' ; exec "$@"', command),
      })),
  },
];
