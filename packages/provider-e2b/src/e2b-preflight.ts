import { type CallOptions, type Finding, SandboxError } from "@glovebox/core/provider";
import type { ProviderFindings } from "@glovebox/provider-kit";
import type { E2bApi } from "./api/e2b-api.ts";

const networkMessage = "E2B enforces hosts, but neither ports nor paths, and does not log or meter traffic";

/** `ProviderDefinition.preflight`: tests the API key with the cheapest call. */
export async function e2bPreflight(api: E2bApi, call: CallOptions): Promise<ProviderFindings> {
  try {
    await api.call("listing the sandboxes", call, ({ Sandbox }, options) =>
      Sandbox.list({ limit: 1 }).nextItems(options),
    );
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    return { findings: [problem(error)] };
  }
  return {
    findings: [
      { name: "key", status: "ok", message: "E2B accepts the API key" },
      { name: "network", status: "ok", message: networkMessage },
    ],
  };
}

function problem({ code, message, hint = "Check E2B_API_KEY, E2B_API_URL and the network." }: SandboxError): Finding {
  return { name: code === "authentication" ? "key" : "api", status: "problem", message, hint };
}
