import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RunResult, RunSpec } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { Secret } from "@glovebox/core/provider";
import { safeName, safeText } from "@glovebox/core/text";
import { createScriptedModel, demoScript } from "@glovebox/scripted-model";
import { builtIn } from "../built-in.ts";
import { createConsent } from "../consent.ts";
import { missingCredential } from "../plan/credential.ts";
import { resolveRun } from "../plan/resolve-run.ts";
import type { RunCredential } from "../plan/run-plan.ts";
import { asTyped } from "../print/command-name.ts";
import { shown } from "../print/print-summary.ts";
import type { Environment, Terminal } from "../terminal.ts";
import { createPrinter } from "./create-printer.ts";
import { driveRun } from "./drive-run.ts";

export interface DemoOptions {
  readonly output?: string;
  readonly provider?: string;
  readonly scripted?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly noInput?: boolean;
}

const prompt =
  "Build a small, good-looking web page about a glovebox, the sealed cabinet of a laboratory: index.html with a style.css " +
  "beside it, no other dependency. Keep it short, check that the files are there, and end with one sentence.";

/** `glovebox demo`: the main job end to end, with whatever model there is. */
export async function startDemo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const directory = terminal.cwd;
  const printer = createPrinter(terminal, { ...options, directory });
  printer.note("Starting the demo");
  const consent = createConsent(terminal, {
    yes: options.yes,
    noInput: options.noInput,
    json: options.json,
    ciAgrees: true,
    beforeAsking: () => printer.hush(),
  });
  await using model = scriptedModel(terminal.env);
  const plan = await resolveRun({
    prompt,
    options: { ...options, output: options.output ?? freshDirectory(directory) },
    extraArgs: [],
    terminal,
    directory,
    consent,
    fallbackCredential: (harness) => model.start(harness),
    preferFallback: options.scripted ?? false,
  });
  if (model.started) {
    const why = options.scripted ? "" : "No credential was found, so ";
    printer.warn(`${why}a scripted model on this machine answers instead of a real one. Everything else is real.`);
  }
  const result = await driveRun(plan, { printer, consent, isScripted: model.started });
  if (!options.json && !options.quiet && result.exitCode === 0) suggest(plan.spec, result, model.started, terminal);
  return result.exitCode;
}

/**
 * The model that answers when there is no credential: it starts when it is asked for, and ends with the command. It only knows
 * the tools of the standard harness.
 */
function scriptedModel(env: Environment) {
  let close: (() => Promise<void>) | undefined;
  return {
    get started(): boolean {
      return close !== undefined;
    },
    async start(harness: Harness): Promise<RunCredential> {
      const { id, credentials } = harness;
      if (id !== builtIn.harness) throw missingCredential(harness, env, { name: id });
      const key = `sk-ant-demo-${randomBytes(16).toString("hex")}`;
      const server = await createScriptedModel({ script: demoScript, expectKey: key }).listen();
      close = server.close;
      const variable = credentials[0]?.variable ?? "";
      return {
        credential: { variable, secret: new Secret(variable, key), upstream: server.url },
        source: "the demo's scripted model",
      };
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await close?.();
    },
  };
}

/** `glovebox-demo`, or the first `glovebox-demo-2`, `-3`, … that holds nothing yet. */
function freshDirectory(directory: string): string {
  for (let place = 1; ; place += 1) {
    const name = place === 1 ? "glovebox-demo" : `glovebox-demo-${place}`;
    if (isFree(join(directory, name))) return name;
  }
}

function isFree(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function suggest(
  { outputDirectory, harness }: RunSpec,
  result: RunResult,
  scripted: boolean,
  { stderr, cwd, env }: Terminal,
): void {
  const { cyan } = stderr.colors;
  const page = pageOf(result);
  if (page !== undefined) {
    stderr.line(`${cyan("look:")} open ${safeName(`${shown(outputDirectory, cwd)}/${page}`)} in a browser`);
  }
  const [variable, ...others] = harness.credentials.map((credential) => credential.variable);
  if (scripted && variable !== undefined) {
    stderr.line(`${cyan("then:")} export ${variable}=…`);
    const instead = others.length === 0 ? "" : `Or set ${others.join(" or ")}. `;
    const hint = `${instead}${harness.credentialHint ?? ""}`.trim();
    if (hint !== "") stderr.line(`${cyan("hint:")} ${asTyped(safeText(hint), env)}`);
  }
  stderr.line(`${cyan("then:")} ${asTyped('glovebox run "Build a todo app"', env)}`);
}

/** The page that came back: a real model may have given it another name, or made none. */
function pageOf({ files }: RunResult): string | undefined {
  const pages = files?.manifest.filter(({ kind, path }) => kind === "file" && path.endsWith(".html")) ?? [];
  return (pages.find(({ path }) => path === "index.html") ?? pages[0])?.path;
}
