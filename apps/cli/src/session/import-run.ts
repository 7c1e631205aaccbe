import { join, resolve } from "node:path";
import { importSession, newRunId, readSessionFile } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatCount, safeLine, safeName } from "@glovebox/core/text";
import { offeredHarness } from "../config/offered-harness.ts";
import { loadRunHarness, providerName } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { knownNames } from "../plugins/plugin-names.ts";
import { resolveFrom } from "../plugins/plugin-places.ts";
import { asTyped } from "../print/command-name.ts";
import { shown } from "../print/print-summary.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { openSource } from "./open-source.ts";
import { writeHostSession } from "./write-host-session.ts";

export interface ImportRunInput {
  /** A file or a URL. */
  readonly place: string;
  readonly output: string | undefined;
  readonly workspace: string | undefined;
  readonly provider: string | undefined;
  /** The directory whose conversations it joins on the host: then no run is made. */
  readonly toHost: string | undefined;
  readonly json: boolean | undefined;
  readonly terminal: Terminal;
}

/** `glovebox session import`, from its options to its exit code. */
export async function importRun(input: ImportRunInput): Promise<number> {
  const { terminal, json } = input;
  const { cwd, env, stdout, stderr } = terminal;
  const home = stateDirectory(env);
  const session = await readSessionFile(await openSource(input.place, terminal));
  const { manifest } = session;
  const harness = await loadNamedHarness(manifest.harness.id, home);
  if (input.toHost !== undefined) {
    return await writeHostSession(session, { harness, directory: resolve(cwd, input.toHost), json, terminal });
  }
  const { config: user } = await loadUserConfig(home);
  const runId = newRunId();
  const { result } = await importSession(session, {
    ...{ home, harness, runId, providerId: providerName(dropUndefined({ provider: input.provider }), user) },
    outputDirectory: resolve(cwd, input.output ?? `sandbox-${runId}`),
    ...(input.workspace === undefined ? {} : { workspace: resolve(cwd, input.workspace) }),
  });
  const directory = result.files?.directory ?? "";
  if (json) {
    const { createdAt, settings, run } = manifest;
    stdout.json({ runId, directory, from: run.id, createdAt, settings });
    return 0;
  }
  stdout.line(runId);
  stderr.line(`Imported ${safeName(manifest.run.id)}: ${safeLine(manifest.run.promptPreview, 120)}`);
  stderr.line(`  files  ${formatCount(manifest.files.length, "change")}, in ${safeName(shown(directory, cwd))}`);
  if (manifest.baseCommit !== undefined) stderr.line(`  base   ${manifest.baseCommit}`);
  for (const path of result.files?.executable ?? []) {
    stderr.line(`warning: ${safeName(path)} can make your machine execute something`);
  }
  stderr.line(
    "warning: A conversation can tell the agent what to do: continue it only if you trust whoever exported it",
  );
  stderr.line(`next: ${asTyped(`glovebox resume ${runName(join(home, "runs", runId))} "…"`, env)}`);
  return 0;
}

/** Only one that this user has: a file must not choose what is loaded on this host. */
async function loadNamedHarness(id: string, home: string): Promise<Harness> {
  const isListed = offeredHarness(id, { home, resolveFrom: resolveFrom(home) }).plugin !== id;
  if (!isListed && !knownNames("harness", home).includes(id)) {
    throw new InvalidOptionsError(`The session is one of the harness ${safeName(id)}, which is not installed`, {
      hint: "`glovebox harnesses` lists those that are.",
    });
  }
  const { config: user } = await loadUserConfig(home);
  return await loadRunHarness({ options: { harness: id }, user, home, directory: home });
}
