import { createRunStore } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { describeHostProxy } from "@glovebox/core/host-proxy";
import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { ComponentOptions } from "../components/component-options.ts";
import type { RunOptions } from "../config/run-options.ts";
import { allCredentials } from "../login/all-credentials.ts";
import { resolveRun } from "../plan/resolve-run.ts";
import type { RunCredential, RunPlan } from "../plan/run-plan.ts";
import { type NetworkView, printNetwork } from "../print/print-network.ts";
import { shownMessage } from "../print/shown-message.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { directoryOf } from "./directory-of.ts";
import { findRun } from "./find-run.ts";

export type ShowNetworkOptions = Pick<
  RunOptions,
  | "network"
  | "allowHost"
  | "credential"
  | "workspace"
  | "directory"
  | "env"
  | "envFile"
  | "provider"
  | "harness"
  | "json"
> &
  ComponentOptions;

/** `glovebox network show`: of a run that was started, or of one that would be. */
export async function showNetwork(
  reference: string | undefined,
  options: ShowNetworkOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const { view, warnings } = await (reference === undefined
    ? plannedView(options, terminal)
    : startedView(reference, terminal));
  for (const warning of warnings) stderr.line(`${stderr.colors.yellow("warning:")} ${shownMessage(warning)}`);
  if (options.json) stdout.json(view);
  else printNetwork(view, stdout);
  return 0;
}

interface Shown {
  readonly view: NetworkView;
  readonly warnings: readonly string[];
}

async function startedView(reference: string, terminal: Terminal): Promise<Shown> {
  const store = createRunStore(stateDirectory(terminal.env));
  const run = await findRun(store, reference, terminal.cwd);
  for await (const event of store.events(run.runId)) {
    if (event.type !== "network.policy") continue;
    const { mode, models, allow, credentials, maxCostUsd } = event;
    const view = {
      runId: run.runId,
      mode,
      models,
      allow,
      credentials,
      ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    };
    return { view, warnings: [] };
  }
  throw new InvalidOptionsError(`The run ${runName(run.runDirectory)} has no sandbox yet, or never had one`, {
    hint: "What a run may reach is settled when its sandbox is made.",
  });
}

async function plannedView(options: ShowNetworkOptions, terminal: Terminal): Promise<Shown> {
  const directory = directoryOf(options.directory, terminal);
  const plan = await resolveRun({
    prompt: "",
    // Components are planned without pinning them, and nothing is asked.
    options: { ...options, dryRun: true },
    extraArgs: [],
    terminal,
    directory,
    consent: async () => false,
    fallbackCredential: noCredential,
  });
  return { view: { ...viewOf(plan), hostProxy: describeHostProxy(terminal.env) }, warnings: plan.warnings };
}

/** What would be reached does not hang on whether there is a key. */
async function noCredential(harness: Harness): Promise<RunCredential> {
  const variable = harness.credentials[0]?.variable ?? "";
  return { credential: { variable, secret: new Secret(variable, "") }, source: "not set" };
}

function viewOf({ spec, refusedRemotes, packageEnv }: RunPlan): NetworkView {
  const { mode, allow = [], credentials = [] } = spec.network ?? { mode: "sealed" };
  const kinds = [...allCredentials(spec.harness), ...(spec.harness.clouds ?? [])];
  const kind = kinds.find(({ variable }) => variable === spec.credential.variable);
  const endpoint = spec.harness.endpoints.find(({ id }) => id === kind?.endpointId);
  const models =
    mode === "none" || endpoint === undefined
      ? []
      : [{ id: endpoint.id, upstream: spec.credential.upstream ?? endpoint.upstream }];
  return {
    mode,
    models,
    allow,
    credentials: credentials.map(({ secret, username: _, paths: __, tls: ___, ...rule }) => ({
      ...rule,
      secret: secret.name,
    })),
    inside: packageEnv,
    refusedRemotes,
    ...(mode === "standard" ? { addsImageHosts: true } : {}),
  };
}
