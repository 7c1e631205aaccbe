import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { checkRun } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import type { RunOptions } from "../config/run-options.ts";
import { type ConsentOptions, createConsent, createTrustQuestion, createValueQuestion } from "../consent.ts";
import { parsePort } from "../inside/parse-port.ts";
import { publishPorts } from "../inside/published-ports.ts";
import { readPrompt } from "../plan/prompt-source.ts";
import { resolveRun } from "../plan/resolve-run.ts";
import { componentLine } from "../print/component-line.ts";
import { printComponent } from "../print/print-component.ts";
import { describePlan, printPlan } from "../print/print-plan.ts";
import { canAsk, type Terminal } from "../terminal.ts";
import { createPrinter } from "./create-printer.ts";
import { driveRun } from "./drive-run.ts";

export interface StartRunInput {
  readonly argument: string | undefined;
  readonly options: RunOptions;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
}

/** `glovebox run`, from its options to its exit code. */
export async function startRun(input: StartRunInput): Promise<number> {
  const { options, terminal } = input;
  const directory = directoryOf(options.directory, terminal);
  const prompt = await readPrompt(input.argument, options, terminal, directory);
  const printer = createPrinter(terminal, { ...options, directory });
  const asking = { yes: options.yes, json: options.json, beforeAsking: () => printer.hush() };
  const consent = createConsent(terminal, { ...asking, ciAgrees: true });
  const agents = await agentsFor({ options, terminal, directory, asking, warn: (text) => printer.warn(text) });
  const plan = await resolveRun({
    prompt,
    options: agents.length === 0 ? options : { ...options, agent: agents },
    extraArgs: input.extraArgs,
    terminal,
    directory,
    consent,
    // A mere look asks nothing: what would be asked is shown as refused.
    ...(options.dryRun
      ? {}
      : {
          askTrust: createTrustQuestion(terminal, asking),
          askValue: createValueQuestion(terminal, asking),
          consentToGive: createConsent(terminal, { ...asking, byDefault: false }),
        }),
  });
  const ports = (options.publish ?? []).map((text) => parsePort(text, "--publish"));
  const { outputDirectory } = await checkRun(plan.spec, plan.runId);
  if (options.dryRun) {
    for (const warning of plan.warnings) printer.warn(warning);
    const shown = { ...plan, spec: { ...plan.spec, outputDirectory } };
    if (options.json) terminal.stdout.json(describePlan(shown));
    else printPlan(shown, terminal.stdout, options.verbose);
    return 0;
  }
  if (!options.json && !options.quiet) {
    for (const component of plan.components) {
      // What there is to warn of is among the plan's own warnings.
      if (options.verbose) printComponent({ ...component, warnings: [] }, terminal.stderr, true);
      else terminal.stderr.line(`+ ${safeName(componentLine(component))}`);
    }
  }
  printer.note(`Run ${plan.runId}`);
  await using published = publishPorts({ ports, provider: plan.spec.provider, printer, terminal });
  const result = await driveRun(plan, { printer, consent, onEvent: (event) => published.hear(event) });
  return result.exitCode;
}

/** What chooses agents is loaded where somebody may choose. */
async function agentsFor(input: {
  readonly options: RunOptions;
  readonly terminal: Terminal;
  readonly directory: string;
  readonly asking: ConsentOptions;
  readonly warn: (message: string) => void;
}): Promise<readonly string[]> {
  if (input.options.agent !== undefined || !canAsk(input.terminal)) return [];
  const { chooseAgents } = await import("../components/choose-agents.ts");
  return await chooseAgents({ ...input, consent: createConsent(input.terminal, input.asking) });
}

/** The directory that `--directory` names, or the current one. */
export function directoryOf(directory: string | undefined, terminal: Terminal): string {
  const path = resolve(terminal.cwd, directory ?? ".");
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionsError(`--directory: ${path} is not a directory`, {
      hint: "Was it a prompt that starts with a dash: --prompt=…",
    });
  }
  // The user named it, so a link to it is followed; links below it are the directory's own.
  return realpathSync(path);
}
