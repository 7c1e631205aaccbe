import type { CredentialSpec, Harness, ModelEndpoint } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { anthropicPrices } from "@glovebox/model-apis";
import { z } from "zod";
import { claudeCodeCommand } from "./claude-code-command.ts";
import { claudeCodeOutcome } from "./claude-code-outcome.ts";
import { type ClaudeCodeSettings, claudeCodeSettingsSchema } from "./claude-code-settings.ts";
import { claudeCodeVersion } from "./claude-code-version.ts";
import { claudeCodeComponents } from "./components/claude-code-components.ts";
import { anthropicApi, apiKeyPlaceholder } from "./headless/anthropic-api.ts";
import { claudeCodeInteractive } from "./interactive.ts";
import { claudeClouds, cloudEndpoints } from "./model/cloud-models.ts";
import { claudeCodeSessions } from "./sessions/claude-code-sessions.ts";
import { isHeartbeat } from "./stream/is-heartbeat.ts";
import { parseStream } from "./stream/parse-stream.ts";

const endpoint: ModelEndpoint = {
  id: "anthropic",
  upstream: anthropicApi.upstream,
  baseUrlVariable: anthropicApi.baseUrlVariable,
  paths: anthropicApi.paths,
  api: "anthropic-messages",
  prices: anthropicPrices,
  // Tried with the pinned version: each sub-agent has an id of its own there, and the main conversation sends no such header.
  agentHeader: "x-claude-code-agent-id",
};

/** The binary sends other beta headers with an OAuth token than with a key: each placeholder is of its secret's kind. */
const credentials: readonly CredentialSpec[] = [
  {
    variable: anthropicApi.keyVariable,
    kind: "api-key",
    endpointId: endpoint.id,
    header: anthropicApi.keyHeader,
    placeholder: apiKeyPlaceholder,
  },
  {
    variable: "ANTHROPIC_AUTH_TOKEN",
    kind: "auth-token",
    endpointId: endpoint.id,
    header: "authorization",
    scheme: "Bearer",
    placeholder: "glovebox-placeholder",
  },
  {
    variable: "CLAUDE_CODE_OAUTH_TOKEN",
    kind: "oauth-token",
    endpointId: endpoint.id,
    header: "authorization",
    scheme: "Bearer",
    placeholder: "sk-ant-oat01-glovebox-placeholder",
    login: "claude",
  },
];

const settleMs = 1000;
const backgroundWaitMs = 60_000;

/** Claude Code in headless mode. Does no I/O. Settings that are not known are `invalid-options`. */
export function createClaudeCode(settings: ClaudeCodeSettings = {}): Harness {
  const parsed = claudeCodeSettingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new InvalidOptionsError(`The settings of Claude Code cannot be used: ${z.prettifyError(parsed.error)}`);
  }
  const binary = parsed.data.pathToBinary ?? "claude";
  const version = parsed.data.version ?? claudeCodeVersion;
  const timing = { settleMs, backgroundWaitMs: parsed.data.backgroundWaitMs ?? backgroundWaitMs };
  return {
    specificationVersion: 1,
    id: "claude-code",
    endpoints: [endpoint, ...cloudEndpoints],
    credentials,
    credentialHint: "A subscription gets a token from `claude setup-token`.",
    clouds: claudeClouds,
    unsupportedClouds: { CLAUDE_CODE_USE_FOUNDRY: "Microsoft Foundry" },
    sessions: claudeCodeSessions,
    structuredOutput: true,
    addedDirectories: true,
    asksPermission: true,
    template: () => ({
      id: "claude-code",
      npmPackage: "@anthropic-ai/claude-code",
      npmVersion: version,
      check: { argv: [binary, "--version"], prints: version },
    }),
    command: (task) => claudeCodeCommand(task, binary),
    parse: (lines) => parseStream(lines, timing),
    isHeartbeat,
    outcome: claudeCodeOutcome,
    // Tried: on SIGINT it ends within a second with exit code 0, and most often answers its open tool calls and prints its
    // result first; on SIGTERM it prints none.
    interrupt: (process) => process.kill("SIGINT"),
    components: claudeCodeComponents(binary),
    interactive: claudeCodeInteractive(binary, claudeCodeSessions.directory),
  };
}
