import { cpus } from "node:os";
import { resolve } from "node:path";
import { type BatchRecord, createBatch } from "@glovebox/batch";
import { newRunId } from "@glovebox/core";
import { dropUndefined, InvalidOptionsError, SandboxAbortedError, Secret } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import { loadUserConfig, type UserConfig } from "../config/user-config.ts";
import { createTrustQuestion } from "../consent.ts";
import { guardValue } from "../plan/assignments.ts";
import { readJsonSchema } from "../plan/read-json-schema.ts";
import { PluginFlags } from "../plugins/plugin-flags.ts";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";
import { directoryOf } from "../run/directory-of.ts";
import { terminalQuestions } from "../run/run-questions.ts";
import { StatusLine } from "../screen/status-line.ts";
import type { Terminal } from "../terminal.ts";
import type { BatchInput } from "./batch-options.ts";
import { BatchQuestions } from "./batch-questions.ts";
import type { BatchSettings } from "./batch-settings.ts";
import { checkRows } from "./check-rows.ts";
import { CliBatchHost } from "./cli-batch-host.ts";
import { detachBatch } from "./detach-batch.ts";
import { widenedBy } from "./file-trust.ts";
import { printBatchPlan } from "./print-batch-plan.ts";
import { type ReadRows, readRows } from "./read-rows.ts";
import { sharedOptions } from "./row-options.ts";
import { RowPrinter } from "./row-printer.ts";
import { runBatch } from "./run-batch.ts";

/** `glovebox batch FILE`, from its command line to its exit code. */
export async function startBatchCommand(input: BatchInput, terminal: Terminal): Promise<number> {
  const { options, flags } = input;
  const home = stateDirectory(terminal.env);
  const directory = directoryOf(flags.directory, terminal);
  const { config: user } = await loadUserConfig(home);
  refuseSecrets(input, home);
  const read = await readRows(input, { terminal, directory, user });
  await agreeToFile(input, { read, user, directory, terminal });
  const status = new StatusLine(terminal.stderr);
  const { yes, noInput, json } = options;
  const asking = terminalQuestions(terminal, { yes, noInput, json, beforeAsking: () => status.stop() });
  const questions = new BatchQuestions(options.dryRun ? undefined : asking);
  const jsonSchema = await readJsonSchema(flags.jsonSchema, directory);
  const settings = { shared: sharedOptions(input), extraArgs: input.extraArgs, ...dropUndefined({ jsonSchema }) };
  const record = recordOf(input, read, directory);
  const note = (message: string) => status.set(safeLine(message, 200));
  const printer = new RowPrinter({ note, hush: () => status.stop() });
  const host = new CliBatchHost({ settings, directory, terminal, questions, printer });
  try {
    const warnings = await checkRows(record, host, { isLook: options.dryRun ?? false, onNote: note });
    status.stop();
    for (const warning of warnings)
      terminal.stderr.line(`${terminal.stderr.colors.yellow("warning:")} ${safeLine(warning, 500)}`);
  } finally {
    status.stop();
  }
  if (options.dryRun) return printBatchPlan(record, user, options, terminal);
  questions.close();
  const kept: BatchSettings = { ...settings, answers: questions.answers };
  createBatch(home, { ...record, options: kept as unknown as Record<string, unknown> });
  if (options.detach)
    return await detachBatch(record, { home, hasValues: questions.hasValues, json: json ?? false }, terminal);
  if (!json && !options.quiet) {
    const rows = `${record.rows.length} ${record.rows.length === 1 ? "row" : "rows"}`;
    terminal.stderr.line(`Batch ${record.id}: ${rows} from ${safeName(read.source)}, ${record.concurrency} at a time`);
  }
  return await runBatch({ home, id: record.id, host }, options, terminal);
}

/** What would be written into the batch's record may hold no secret. */
function refuseSecrets({ flags }: BatchInput, home: string): void {
  const [found] = new PluginFlags(readPluginManifests(home)).sources(flags);
  const [variable] = Object.keys(found?.values ?? {});
  if (found !== undefined) {
    throw new InvalidOptionsError(`${found.name} is a secret, which a batch does not keep`, {
      hint: `Set ${variable} in your environment instead.`,
    });
  }
  for (const text of flags.env ?? []) {
    const at = text.indexOf("=");
    const name = text.slice(0, at);
    if (at === -1 || !(guardValue(name, text.slice(at + 1)) instanceof Secret)) continue;
    throw new InvalidOptionsError(`--env ${name}=… looks like a secret, which a batch does not keep`, {
      hint: `Export ${name}, and pass --env ${name}: its value is then read when a row starts.`,
    });
  }
}

/** Asks once for everything that the file would do beyond what the user allows elsewhere. */
async function agreeToFile(
  input: BatchInput,
  known: {
    readonly read: ReadRows;
    readonly user: UserConfig;
    readonly directory: string;
    readonly terminal: Terminal;
  },
): Promise<void> {
  const { read, user, directory, terminal } = known;
  const widened = widenedBy({ rows: read.rows, input, user, places: [directory, read.directory] });
  if (widened.length === 0 || input.options.trustFile) return;
  const list = widened.map((one) => `\n  ${safeLine(one, 300)}`).join("");
  const message = `The rows of ${safeName(read.source)} do more than your flags and your configuration allow:${list}`;
  if (input.options.dryRun) {
    terminal.stderr.line(`${terminal.stderr.colors.yellow("warning:")} ${message}`);
    return;
  }
  const { yes, noInput, json } = input.options;
  const answer = await createTrustQuestion(terminal, { yes, noInput, json })(`${message}\nAllow this?`);
  if (answer) return;
  if (answer === false) throw new SandboxAbortedError("Aborted: not confirmed");
  throw new InvalidOptionsError(message, {
    hint: "If you trust the file, pass --trust-file; or allow the same by flags, or in your config.json.",
  });
}

function recordOf(input: BatchInput, read: ReadRows, directory: string): BatchRecord {
  const { options } = input;
  const id = newRunId();
  return {
    v: 1,
    id,
    createdAt: new Date().toISOString(),
    source: read.source,
    directory,
    outputDirectory: resolve(directory, options.output ?? `batch-${id}`),
    concurrency: options.concurrency?.total ?? Math.max(1, Math.min(4, cpus().length)),
    providerConcurrency: options.concurrency?.providers ?? {},
    ...dropUndefined({
      maxCostUsd: options.maxCost,
      maxTokens: options.maxTokens,
      strictBudget: options.strictBudget,
    }),
    failFast: options.failFast ?? false,
    retries: options.retryFailed ?? 0,
    options: {},
    rows: [...read.rows],
  };
}
