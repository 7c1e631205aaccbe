import { type Diagnosis, type Finding, type PreflightOptions, SandboxError } from "@glovebox/core/provider";
import { checkSpec } from "./check-spec.ts";
import type { E2bApi } from "./e2b-api.ts";
import { e2bCapabilities } from "./e2b-capabilities.ts";

/** `SandboxProvider.preflight`: whether the key is good for anything, by the cheapest call there is. */
export async function e2bPreflight(api: E2bApi, { signal, spec }: PreflightOptions = {}): Promise<Diagnosis> {
  if (spec !== undefined) checkSpec(spec);
  const findings: Finding[] = [];
  try {
    await api.call("looking at the sandboxes", { ...(signal && { signal }) }, async ({ Sandbox }, call) => {
      await Sandbox.list({ limit: 1 }).nextItems(call);
    });
    findings.push(
      { name: "key", status: "ok", message: "E2B takes the API key" },
      {
        name: "network",
        status: "ok",
        message: "E2B enforces hosts; it knows no ports and paths, and logs and meters nothing",
      },
    );
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    findings.push(problem(error));
  }
  return { ready: findings.every(({ status }) => status !== "problem"), findings, capabilities: e2bCapabilities };
}

function problem({ code, message, hint }: SandboxError): Finding {
  const usual = "Check E2B_API_KEY, E2B_API_URL and the way to E2B.";
  return { name: code === "authentication" ? "key" : "api", status: "problem", message, hint: hint ?? usual };
}
