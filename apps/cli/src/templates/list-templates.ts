import { join } from "node:path";
import { SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatBytes, formatDuration, safeLine } from "@glovebox/core/text";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import type { TemplateBuild, TemplateRecord } from "./template-record.ts";
import { TemplateStore } from "./template-store.ts";
import { BuildProviders, usersOf } from "./template-usage.ts";

export interface ListTemplatesOptions {
  readonly provider?: string;
  readonly json?: boolean;
}

interface Row {
  readonly name: string;
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly builtAt: string;
  readonly sizeBytes?: number | undefined;
  /** The runs whose sandboxes use it; absent where the provider cannot be reached. */
  readonly usedBy?: readonly string[];
  /** Why nothing is known of it, or that the provider does not have it any more. */
  readonly problem?: string;
}

/** `glovebox template list`. Resolves to the exit code. */
export async function listTemplates(options: ListTemplatesOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, env } = terminal;
  const home = stateDirectory(env);
  const providers = new BuildProviders(terminal);
  const builds = new TemplateStore(home).list().flatMap((record) => record.builds.map((build) => ({ record, build })));
  const wanted = builds.filter(({ build }) => build.provider === (options.provider ?? build.provider));
  const rows = await Promise.all(wanted.map((one) => rowOf(one, providers, home)));
  if (options.json) for (const row of rows) stdout.json(row);
  else if (rows.length === 0) {
    stderr.line(
      "No templates yet. `glovebox template init` writes a description, `glovebox template build` builds it.",
    );
  } else {
    stdout.table(
      ["NAME", "PROVIDER", "SIZE", "BUILT", "USED BY"],
      rows.map((row) => [row.id, row.provider, sizeOf(row), ageOf(row), usersText(row, home)]),
    );
  }
  for (const { id, problem } of options.json ? [] : rows)
    if (problem !== undefined) stderr.line(safeLine(`${id}: ${problem}`));
  return 0;
}

interface Listed {
  readonly record: TemplateRecord;
  readonly build: TemplateBuild;
}

async function rowOf({ record: { template }, build }: Listed, providers: BuildProviders, home: string): Promise<Row> {
  const { name, id } = template;
  const { provider: providerName, reference, builtAt } = build;
  const row = { name, id, provider: providerName, reference, builtAt };
  try {
    const provider = await providers.open(build);
    const usedBy = await usersOf(provider, build, home);
    const info = await provider.inspectTemplate?.(reference);
    const isGone = provider.inspectTemplate !== undefined && info === undefined;
    const problem = isGone ? `${reference} no longer exists; a run builds it again` : undefined;
    return { ...row, sizeBytes: info?.sizeBytes, usedBy, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    // One provider that cannot be reached does not hide the templates of the others.
    if (!SandboxError.isInstance(error)) throw error;
    return { ...row, problem: error.message };
  }
}

function sizeOf({ sizeBytes }: Row): string {
  return sizeBytes === undefined ? "-" : formatBytes(sizeBytes);
}

function ageOf({ builtAt }: Row): string {
  return `${formatDuration(Math.max(0, Date.now() - Date.parse(builtAt)))} ago`;
}

function usersText({ usedBy = [] }: Row, home: string): string {
  return usedBy.length === 0 ? "-" : usedBy.map((run) => runName(join(home, "runs", run))).join(", ");
}
