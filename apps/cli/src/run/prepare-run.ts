import { checkRun } from "@glovebox/core";
import type { JsonSchema } from "@glovebox/core/harness";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import { mayAsk } from "../consent.ts";
import { parsePort } from "../inside/parse-port.ts";
import { checkPublish } from "../inside/published-ports.ts";
import { askPrompt, readPrompt } from "../plan/prompt-source.ts";
import { readJsonSchema } from "../plan/read-json-schema.ts";
import { resolveRun } from "../plan/resolve-run.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import type { Terminal } from "../terminal.ts";
import { directoryOf } from "./directory-of.ts";
import { prepareHost } from "./prepare-host.ts";
import type { RunQuestions } from "./run-questions.ts";
import type { StartRunInput } from "./start-run.ts";

/** How a run is prepared: where it is shown, and who answers. */
export interface PrepareRunOptions {
  readonly printer: RunPrinter;
  readonly questions: RunQuestions;
  /** A new id by default. */
  readonly runId?: string;
  /** Aborted, this host is not made ready any further. */
  readonly signal?: AbortSignal;
  /** Read already. */
  readonly jsonSchema?: JsonSchema | undefined;
}

/** A run that was checked as far as that is possible without starting anything. */
export interface PreparedRun {
  readonly plan: RunPlan;
  readonly printer: RunPrinter;
  /** The ports to publish. */
  readonly ports: readonly number[];
  /** The real path that the files go to. */
  readonly outputDirectory: string;
  /** What was answered: the prompt, and sub-agents beside those of the options. */
  readonly prompt: string;
  readonly agents: readonly string[];
  readonly jsonSchema: JsonSchema | undefined;
}

/** Makes the plan of a run and checks it. Makes nothing but this host ready, where the user agrees. */
export async function prepareRun(input: StartRunInput, how: PrepareRunOptions): Promise<PreparedRun> {
  const { options, terminal } = input;
  const { printer, questions } = how;
  const directory = directoryOf(options.directory, terminal);
  requireChooser(options, terminal);
  const ports = (options.publish ?? []).map((text) => parsePort(text, "--publish"));
  const prompt = options.interactive
    ? await interactivePrompt(input.argument, options, terminal, directory)
    : await readPrompt(input.argument, options, terminal, directory);
  const jsonSchema = how.jsonSchema ?? (await readJsonSchema(options.jsonSchema, directory));
  const consent = (question: string) => questions.consent(question);
  let answered: { readonly prompt?: string; readonly agents?: readonly string[] } = {};
  const resolved = await resolveRun({
    ...{ prompt: prompt ?? "", options, extraArgs: input.extraArgs, jsonSchema, terminal, directory },
    ...dropUndefined({ runId: how.runId }),
    consent,
    ask: async (setUp) => {
      if (!options.dryRun) await prepareHost(setUp, { printer, consent, ...dropUndefined({ signal: how.signal }) });
      printer.hush();
      answered = {
        ...(prompt === undefined ? { prompt: await askPrompt() } : {}),
        ...(options.choose ? { agents: await agentsFor(options, terminal, directory) } : {}),
      };
      return answered;
    },
    // A mere look asks nothing: what would be asked is shown as refused.
    ...(options.dryRun
      ? {}
      : {
          askTrust: (question) => questions.askTrust(question),
          askValue: (question) => questions.askValue(question),
          consentToGive: (question) => questions.consentToGive(question),
        }),
  });
  const plan = { ...resolved, spec: { ...resolved.spec, ...dropUndefined({ continues: input.continues }) } };
  checkPublish(ports, plan.spec.provider);
  const { outputDirectory } = await checkRun(plan.spec, plan.runId);
  return {
    ...{ plan, printer, ports, outputDirectory, jsonSchema },
    prompt: answered.prompt ?? prompt ?? "",
    agents: answered.agents ?? [],
  };
}

/** Standard input is the user's, who may type the first prompt later. */
async function interactivePrompt(
  argument: string | undefined,
  options: RunOptions,
  terminal: Terminal,
  directory: string,
): Promise<string | undefined> {
  if (options.prompt === undefined && options.promptFile === undefined) return argument ?? "";
  return await readPrompt(argument === "" ? undefined : argument, options, terminal, directory);
}

function requireChooser(options: RunOptions, terminal: Terminal): void {
  if (!options.choose || mayAsk(terminal, options)) return;
  throw new InvalidOptionsError("--choose asks which agents to install, and nobody can be asked here", {
    hint: "Name them: --agent NAME. `glovebox components search` finds names.",
  });
}

/** What chooses agents is loaded where somebody wants to choose. */
async function agentsFor(options: RunOptions, terminal: Terminal, directory: string): Promise<readonly string[]> {
  const { chooseAgents } = await import("../components/choose-agents.ts");
  return await chooseAgents({ options, terminal, directory });
}
