import { createInterface } from "node:readline";
import type { ProviderPlugin } from "@glovebox/core/provider";
import type { ProviderSource } from "../test-provider-options.ts";
import { programs } from "./index.ts";

// A process of its own: loads the provider, runs the program that its first line of input names, and ends when its input does.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function hear(): Promise<unknown> {
  const line = await lines.next();
  if (line.done) process.exit(0);
  return JSON.parse(line.value);
}

const { program, source, input } = (await hear()) as { program: string; source: ProviderSource; input: unknown };
const { provider } = (await import(source.module)) as { provider: ProviderPlugin };
const run = programs[program];
if (run === undefined) throw new Error(`There is no program ${program}`);
await run({
  provider: provider.create(source.settings ?? {}),
  input,
  say: (value) => process.stdout.write(`${JSON.stringify(value)}\n`),
  hear,
});
process.exit(0);
