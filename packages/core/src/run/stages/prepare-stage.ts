import { checkHostProxy } from "../../host-proxy/check-host-proxy.ts";
import type { Capabilities } from "../../provider/capabilities.ts";
import type { Template } from "../../provider/template.ts";
import { assertReady } from "../checks/assert-ready.ts";
import { checkDirectories } from "../checks/check-directories.ts";
import { assertCapabilities } from "../checks/run-capabilities.ts";
import type { RunContext } from "../context/run-context.ts";
import { egressPolicy } from "../egress/egress-policy.ts";
import { sandboxSpec } from "../sandbox/sandbox-spec.ts";

export interface Prepared {
  readonly template: Template;
  /** What separates the sandbox from the host, where the provider's settings choose that. */
  readonly isolation: string | undefined;
}

/** Checks whether the run can start here, then builds or finds its template. Nothing exists yet when it throws. */
export async function prepareStage(run: RunContext): Promise<Prepared> {
  const { spec, cancellation, reporter, model } = run;
  const signal = cancellation.stopping;
  reporter.enter("preparing");
  reporter.progress("checking the provider");
  await checkDirectories(spec, run.runId, signal);
  const egress = egressPolicy(spec, model.route);
  const diagnosis = await spec.provider.preflight({ signal, spec: sandboxSpec(run, egress) });
  for (const finding of diagnosis.findings) {
    if (finding.status === "notice") reporter.warn(finding.name, finding.message);
  }
  assertReady(diagnosis, spec.provider.id);
  assertCapabilities(spec, egress, diagnosis.capabilities);
  await useGateway(run, diagnosis.capabilities);
  return { template: await prepareTemplate(run, signal), isolation: diagnosis.isolation };
}

/** Where requests leave from this host, its proxy has to work; where the gateway meters usage, its figures count. */
async function useGateway(run: RunContext, { egress }: Capabilities): Promise<void> {
  const { route } = run.model;
  if (egress.audit) await checkHostProxy(new URL(route.upstream), process.env, run.cancellation.stopping);
  if (egress.metering && route.api !== undefined) run.spending.meter();
}

async function prepareTemplate({ spec, owner, reporter }: RunContext, signal: AbortSignal): Promise<Template> {
  reporter.progress("preparing the template");
  const request = { base: spec.base ?? { kind: "default" as const }, layers: [spec.harness.template()] };
  const template = await reporter.retry(
    "preparing the template",
    () =>
      spec.provider.prepare(request, {
        signal,
        owner,
        onProgress: ({ message, ...details }) => reporter.progress(message, details),
      }),
    signal,
  );
  if (template.notice !== undefined) reporter.warn("template", template.notice);
  reporter.progress(template.reused ? "the template exists" : "the template is built");
  return template;
}
