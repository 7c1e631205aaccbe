import type { Harness, HarnessCommand, HarnessLine } from "@glovebox/core/harness";

/** The same harness, its program started by a shell script that gets the program and its arguments as `"$@"`. */
export function startedBy(harness: Harness, script: string): Harness {
  const argv = (own: readonly string[]): [string, ...string[]] => ["/bin/sh", "-c", script, "sh", ...own];
  const wrapped = (command: HarnessCommand): HarnessCommand => {
    const { withRoutes } = command;
    const placed = (urls: Readonly<Record<string, string>>) => {
      const changed = withRoutes?.(urls) ?? {};
      return { ...changed, ...(changed.argv && { argv: argv(changed.argv) }) };
    };
    return { ...command, argv: argv(command.argv), ...(withRoutes && { withRoutes: placed }) };
  };
  const { components } = harness;
  return {
    ...harness,
    command: (task) => wrapped(harness.command(task)),
    ...(components && {
      components: { ...components, command: (task, expected) => wrapped(components.command(task, expected)) },
    }),
  };
}

/** The same harness; each line that its program prints is given to `hear` as well. */
export function heard(harness: Harness, hear: (line: HarnessLine) => void): Harness {
  return { ...harness, parse: (lines) => harness.parse(tee(lines, hear)) };
}

async function* tee(lines: AsyncIterable<HarnessLine>, hear: (line: HarnessLine) => void) {
  for await (const line of lines) {
    hear(line);
    yield line;
  }
}
