import { join } from "node:path";
import { checkRun } from "@glovebox/core";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import type { RunOptions } from "../config/run-options.ts";
import { createConsent, createTrustQuestion, createValueQuestion, mayAsk } from "../consent.ts";
import { parsePort } from "../inside/parse-port.ts";
import { publishPorts } from "../inside/published-ports.ts";
import { askPrompt, readPrompt } from "../plan/prompt-source.ts";
import { readJsonSchema } from "../plan/read-json-schema.ts";
import { resolveRun } from "../plan/resolve-run.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import { componentLine } from "../print/component-line.ts";
import { printComponent } from "../print/print-component.ts";
import { describePlan, printPlan } from "../print/print-plan.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { createPrinter } from "./create-printer.ts";
import { directoryOf } from "./directory-of.ts";
import { driveRun } from "./drive-run.ts";
import { prepareHost } from "./prepare-host.ts";

export interface StartRunInput {
  readonly argument: string | undefined;
  readonly options: RunOptions;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
  /** The id of the run that this one continues. */
  readonly continues?: string;
}

/** `glovebox run`, from its options to its exit code. */
export async function startRun(input: StartRunInput): Promise<number> {
  const { options, terminal } = input;
  const directory = directoryOf(options.directory, terminal);
  requireChooser(options, terminal);
  const ports = (options.publish ?? []).map((text) => parsePort(text, "--publish"));
  const prompt = await readPrompt(input.argument, options, terminal, directory);
  const jsonSchema = await readJsonSchema(options.jsonSchema, directory);
  const printer = createPrinter(terminal, { ...options, directory });
  const { yes, noInput, json } = options;
  const consents = { yes, noInput, json, beforeAsking: () => printer.hush() };
  const consent = createConsent(terminal, { ...consents, ciAgrees: true });
  const resolved = await resolveRun({
    ...{ prompt: prompt ?? "", options, extraArgs: input.extraArgs, jsonSchema, terminal, directory, consent },
    ask: async (setUp) => {
      if (!options.dryRun) await prepareHost(setUp, { printer, consent });
      printer.hush();
      return {
        ...(prompt === undefined ? { prompt: await askPrompt() } : {}),
        ...(options.choose ? { agents: await agentsFor(input, directory) } : {}),
      };
    },
    // A mere look asks nothing: what would be asked is shown as refused.
    ...(options.dryRun
      ? {}
      : {
          askTrust: createTrustQuestion(terminal, consents),
          askValue: createValueQuestion(terminal, consents),
          consentToGive: createConsent(terminal, { ...consents, byDefault: false }),
        }),
  });
  const plan = { ...resolved, spec: { ...resolved.spec, ...dropUndefined({ continues: input.continues }) } };
  const { outputDirectory } = await checkRun(plan.spec, plan.runId);
  if (options.dryRun) {
    for (const warning of plan.warnings) printer.warn(warning);
    const shown = { ...plan, spec: { ...plan.spec, outputDirectory } };
    if (options.json) terminal.stdout.json(describePlan(shown));
    else printPlan(shown, terminal.stdout, options.verbose);
    return 0;
  }
  if (!options.json && !options.quiet) printComponents(plan, terminal, options.verbose);
  const names = [plan.runId, ...(input.continues === undefined ? [] : [input.continues])];
  printer.note(`Run ${names.map((id) => runName(join(plan.spec.home, "runs", id))).join(" continues ")}`);
  await using published = publishPorts({ ports, provider: plan.spec.provider, printer, terminal });
  const result = await driveRun(plan, { printer, consent, onEvent: (event) => published.hear(event) });
  return result.exitCode;
}

function requireChooser(options: RunOptions, terminal: Terminal): void {
  if (!options.choose || mayAsk(terminal, options)) return;
  throw new InvalidOptionsError("--choose asks which agents to install, and nobody can be asked here", {
    hint: "Name them: --agent NAME. `glovebox components search` finds names.",
  });
}

function printComponents({ components }: RunPlan, { stderr }: Terminal, verbose: boolean | undefined): void {
  for (const component of components) {
    // What there is to warn of is among the plan's own warnings.
    if (verbose) printComponent({ ...component, warnings: [] }, stderr, true);
    else stderr.line(`+ ${safeName(componentLine(component))}`);
  }
}

/** What chooses agents is loaded where somebody wants to choose. */
async function agentsFor({ options, terminal }: StartRunInput, directory: string): Promise<readonly string[]> {
  const { chooseAgents } = await import("../components/choose-agents.ts");
  return await chooseAgents({ options, terminal, directory });
}
