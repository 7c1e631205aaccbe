import { InvalidOptionsError, type SandboxProvider } from "@glovebox/core/provider";
import { createE2bGateway, type E2bGateway } from "@glovebox/e2b-gateway";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import type { Logger } from "pino";
import type { ApiKeys } from "./security/api-keys.ts";
import type { ServerSettings } from "./server-settings.ts";

export interface CreateGatewayOptions {
  readonly settings: ServerSettings;
  readonly stateDir: string;
  readonly provider: SandboxProvider;
  readonly keys: ApiKeys;
  readonly domain: string | undefined;
  readonly logger: Logger;
}

/** The gateway for E2B's protocol, by the server's settings. A provider that cannot serve it is `invalid-options`. */
export function createGateway({
  settings,
  stateDir,
  provider,
  keys,
  domain,
  logger,
}: CreateGatewayOptions): E2bGateway {
  if (!provider.capabilities.rootInside || !provider.capabilities.endpoint) {
    throw new InvalidOptionsError(`The provider ${provider.id} cannot run E2B's sandboxes`, {
      providerId: provider.id,
      hint: "--no-e2b serves only the runs API.",
    });
  }
  return createE2bGateway({
    provider,
    apiKeys: keys.secrets,
    stateDir,
    privateHosts: settings.privateHosts,
    warmPoolSize: settings.warmPoolSize,
    // As E2B has it: its base with Claude Code.
    templates: { claude: { layers: [createClaudeCode().template()], memoryMB: 2048 } },
    logger,
    ...(domain !== undefined && { domain }),
  });
}
