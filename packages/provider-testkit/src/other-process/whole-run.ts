import type { SandboxSpec, TemplateSpec } from "@glovebox/core/provider";
import { runFaultScript } from "../faults/fault-script.ts";
import type { Program } from "./program.ts";

/** One run from its beginning to its end; somebody kills the process on the way. */
export const wholeRun: Program = async ({ provider, input, say }) => {
  const { template, spec } = input as { template: TemplateSpec; spec: Omit<SandboxSpec, "template"> };
  const never = new AbortController().signal;
  await runFaultScript({ provider, template, spec, signal: never, destroySignal: never });
  say({ over: true });
};
