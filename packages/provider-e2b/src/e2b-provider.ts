import type { ProviderPlugin, SandboxProvider } from "@glovebox/core/provider";
import { defineProvider } from "@glovebox/provider-kit";
import { E2bApi } from "./api/e2b-api.ts";
import { mapE2bError } from "./api/e2b-errors.ts";
import { e2bCapabilities } from "./e2b-capabilities.ts";
import { e2bPreflight } from "./e2b-preflight.ts";
import { E2bSandbox } from "./e2b-sandbox.ts";
import { type E2bProviderSettings, e2bSettingsSchema } from "./e2b-settings.ts";
import { modelUrls, networkRules } from "./network/network-rules.ts";
import { createSandbox } from "./sandbox/create-sandbox.ts";
import { findSandbox } from "./sandbox/find-sandbox.ts";
import { foundAccess } from "./sandbox/found-access.ts";
import { listSandboxes } from "./sandbox/list-sandboxes.ts";
import { isSandbox } from "./sandbox/metadata.ts";
import { removeSnapshot } from "./sandbox/remove-snapshot.ts";
import { sandboxInfo } from "./sandbox/sandbox-info.ts";
import { inspectTemplate, removeTemplate } from "./template/built-template.ts";
import { prepareTemplate } from "./template/prepare-template.ts";

const e2b = defineProvider({
  id: "e2b",
  name: "E2B",
  capabilities: e2bCapabilities,
  settings: e2bSettingsSchema,
  egress: { check: networkRules, modelUrls },
  open: (settings) => new E2bApi(settings),
  preflight: e2bPreflight,
  prepare: prepareTemplate,
  inspectTemplate,
  removeTemplate,
  create: (api, { spec }, call) => createSandbox(api, spec, call),
  async find(api, id, call) {
    const facts = await findSandbox(api, id, call);
    if (facts === undefined) return undefined;
    if (!isSandbox(facts.metadata)) return "foreign";
    return { sandbox: new E2bSandbox(api, id, foundAccess(api, facts)), info: sandboxInfo(facts) };
  },
  list: (api, { labels }, call) => listSandboxes(api, labels, call),
  removeSnapshot,
  mapError: mapE2bError,
});

/** Runs sandboxes on E2B, or on a server with E2B's protocol. Throws `invalid-options` for invalid settings; does no I/O. */
export const createE2bProvider: (settings?: E2bProviderSettings) => SandboxProvider = e2b.create;

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = e2b.plugin;
