import { addedPlaces } from "@glovebox/core";
import { formatDuration, linePrefix, safeName, safeText } from "@glovebox/core/text";
import { targetName } from "../notify/notify-target.ts";
import type { Output } from "../output.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import { hostAndPort } from "./host-and-port.ts";
import { limitOptions } from "./limit-options.ts";
import { printComponent } from "./print-component.ts";

/** What a run would do, with each secret as its name. */
export function describePlan(run: RunPlan): Record<string, unknown> {
  const { runId, spec, credentialSource, warnings, components } = run;
  // The files of components are bytes; the components themselves describe them.
  const { provider, harness, credential, components: _, ...rest } = spec;
  const plan = {
    runId,
    provider: provider.id,
    harness: harness.id,
    credential: {
      variable: credential.variable,
      source: credentialSource,
      ...(credential.upstream === undefined ? {} : { upstream: credential.upstream }),
    },
    ...rest,
    ...(run.notify === undefined ? {} : { notify: notifyNames(run) }),
    ...(components.length === 0 ? {} : { components }),
    warnings,
  };
  // A `Secret` serialises to its name.
  return JSON.parse(JSON.stringify(plan)) as Record<string, unknown>;
}

function notifyNames({ notify }: RunPlan): readonly string[] {
  return (notify?.targets ?? []).map(targetName);
}

export function printPlan(plan: RunPlan, output: Output, isVerbose = false): void {
  const { spec } = plan;
  const { dim, bold } = output.colors;
  const row = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== "") output.line(`${dim(name.padEnd(12))} ${safeName(value)}`, 13);
  };
  output.line(bold("A run that would start; nothing was started."));
  row("run", plan.runId);
  row("provider", spec.provider.id);
  row("harness", spec.harness.id);
  row("credential", `${spec.credential.secret ?? spec.credential.account.name} from ${plan.credentialSource}`);
  row("upstream", spec.credential.upstream);
  row("image", spec.base?.kind === "image" ? spec.base.reference : undefined);
  row("dockerfile", spec.base?.kind === "dockerfile" ? spec.base.path : undefined);
  row("workspace", spec.workspace);
  for (const { source, target } of addedPlaces(spec)) row("added", `${source} at ${target}`);
  row("output", spec.outputDirectory);
  row("network", networkLine(plan));
  row("model", spec.task.model);
  row("max turns", spec.task.maxTurns?.toString());
  row("max cost", spec.maxCostUsd === undefined ? undefined : `$${spec.maxCostUsd}`);
  row("max tokens", spec.maxTokens?.toLocaleString("en-US"));
  row("per agent", agentLimits(spec));
  row("strict", spec.strictBudget ? "yes" : undefined);
  row("max budget", spec.task.maxBudgetUsd === undefined ? undefined : `$${spec.task.maxBudgetUsd}`);
  row("notify", notifyNames(plan).join(", "));
  row("tools", spec.task.allowedTools?.join(", "));
  row("answer", spec.task.jsonSchema === undefined ? undefined : "JSON that matches the schema");
  row("passed on", spec.task.extraArgs?.join(" "));
  row("timeout", spec.timeoutMs === undefined ? undefined : formatDuration(spec.timeoutMs));
  row("idle timeout", spec.idleTimeoutMs === undefined ? undefined : formatDuration(spec.idleTimeoutMs));
  row("lease", spec.leaseMs === undefined ? undefined : formatDuration(spec.leaseMs));
  for (const [name, value] of Object.entries(spec.resources ?? {})) {
    const option = limitOptions[name as keyof typeof limitOptions].replace(/^--/, "").replace("-", " ");
    row(option, `${value}${name.endsWith("MiB") ? " MiB" : ""}`);
  }
  row("max file", inMiB(spec.limits?.fileBytes));
  row("max total", inMiB(spec.limits?.totalBytes));
  for (const mount of spec.mounts ?? [])
    row("mount", `${mount.source} at ${mount.target}${mount.readOnly ? ", read-only" : ""}`);
  for (const [name, value] of Object.entries(spec.env ?? {})) row("env", `${name}=${value}`);
  for (const [key, value] of Object.entries(spec.labels ?? {})) row("label", `${key}=${value}`);
  row("root inside", spec.rootInside ? "yes" : undefined);
  row("keep", spec.keep ? "yes" : undefined);
  row("ignore", spec.ignore?.join(" "));
  for (const component of plan.components) {
    output.line();
    printComponent(component, output, isVerbose);
  }
  output.line();
  output.line(dim("prompt"));
  output.line(`${linePrefix}${safeText(spec.task.prompt)}`);
}

/** What each sub-agent may use. */
function agentLimits({ maxCostPerAgentUsd: usd, maxTokensPerAgent: tokens }: RunPlan["spec"]): string {
  const limits = [
    usd === undefined ? undefined : `$${usd}`,
    tokens === undefined ? undefined : `${tokens.toLocaleString("en-US")} tokens`,
  ];
  return limits.filter((limit) => limit !== undefined).join(", ");
}

const mostHosts = 8;

/** The mode and its hosts. */
function networkLine({ spec }: RunPlan): string {
  const { mode, allow = [], credentials = [] } = spec.network ?? { mode: "sealed" };
  const hosts = [...new Set([...credentials, ...allow].map(hostAndPort))];
  const listed = [
    ...hosts.slice(0, mostHosts),
    ...(hosts.length > mostHosts ? [`+${hosts.length - mostHosts} more`] : []),
    ...(mode === "standard" ? ["the image's own registries"] : []),
  ];
  return listed.length === 0 ? mode : `${mode}: ${listed.join(", ")}`;
}

function inMiB(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : `${bytes / 1024 ** 2} MiB`;
}
