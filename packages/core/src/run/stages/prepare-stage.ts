import { SandboxError } from "../../errors/index.ts";
import { checkOutputDirectory } from "../../files/output-directory.ts";
import type { Template } from "../../provider/template.ts";
import type { Execution } from "../execution.ts";
import { assertCapabilities } from "../run-capabilities.ts";

/** Looks whether the run can start here, then makes or finds its template. Nothing exists yet when it throws. */
export async function prepareStage(execution: Execution): Promise<Template> {
  const { spec, stopSwitch } = execution;
  const signal = stopSwitch.stopping;
  execution.enter("preparing");
  execution.progress("looking at the provider");
  await checkOutputDirectory(spec.outputDir, spec.workspace);
  const diagnosis = await spec.provider.preflight({ signal, spec: execution.sandboxSpec });
  for (const finding of diagnosis.findings) {
    if (finding.status === "notice") execution.warn(finding.name, finding.message);
  }
  const problem = diagnosis.findings.find((finding) => finding.status === "problem");
  if (!diagnosis.ready) {
    throw new SandboxError("unavailable", problem?.message ?? `${spec.provider.id} is not ready`, {
      providerId: spec.provider.id,
      retryable: false,
      hint: problem?.hint ?? "glovebox doctor says more.",
    });
  }
  assertCapabilities(spec, execution.egress, diagnosis.capabilities);
  if (diagnosis.capabilities.egress.metering && execution.options.model.route.api !== undefined)
    execution.spending.meter();
  execution.progress("preparing the template");
  const template = await execution.retry(
    "preparing the template",
    () =>
      spec.provider.prepare(
        { base: spec.base ?? { kind: "default" }, layers: [spec.harness.template()] },
        {
          signal,
          onProgress: ({ message, done, total, output }) =>
            execution.progress(message, {
              ...(done === undefined ? {} : { done }),
              ...(total === undefined ? {} : { total }),
              ...(output === undefined ? {} : { output }),
            }),
        },
      ),
    signal,
  );
  if (template.notice !== undefined) execution.warn("template", template.notice);
  execution.progress(template.reused ? "the template is there" : "the template is built");
  return template;
}
