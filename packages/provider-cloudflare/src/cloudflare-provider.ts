import {
  InvalidOptionsError,
  type ProviderPlugin,
  type SandboxProvider,
  SandboxStoppedError,
} from "@glovebox/core/provider";
import { type DefinedProvider, defineProvider } from "@glovebox/provider-kit";
import { cloudflareCapabilities } from "./cloudflare-capabilities.ts";
import type { CloudflareContext } from "./cloudflare-context.ts";
import { cloudflarePreflight } from "./cloudflare-preflight.ts";
import { CloudflareSandbox } from "./cloudflare-sandbox.ts";
import { type CloudflareProviderSettings, cloudflareSettingsSchema, resolveSettings } from "./cloudflare-settings.ts";
import { createBody } from "./create-body.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { prepareTemplate } from "./template/prepare-template.ts";
import { isRootSnapshot, templateSource } from "./template/template-reference.ts";
import { WorkerClient } from "./worker/worker-client.ts";
import type { SandboxRecord } from "./worker/worker-replies.ts";
import { WorkerSandboxes } from "./worker/worker-sandboxes.ts";

const cloudflare: DefinedProvider<typeof cloudflareSettingsSchema> = defineProvider({
  id: "cloudflare",
  name: "Cloudflare",
  capabilities: cloudflareCapabilities,
  settings: cloudflareSettingsSchema,
  open(input): CloudflareContext {
    const settings = resolveSettings(input);
    return {
      settings,
      sandboxes: new WorkerSandboxes(new WorkerClient(settings)),
      create: (spec, options) => cloudflare.create(input).create(spec, options),
    };
  },
  preflight: cloudflarePreflight,
  prepare: prepareTemplate,
  plan(_context, { template, rootInside }) {
    if (template === undefined || rootInside || !isRootSnapshot(template.reference)) return;
    throw new InvalidOptionsError("The template is a snapshot of a sandbox with rootInside and requires rootInside", {
      providerId: "cloudflare",
    });
  },
  async create({ sandboxes, settings }, { spec }, { signal }) {
    const { record, isExisting } = await sandboxes.create(createBody(spec, settings), signal);
    const sandbox = new CloudflareSandbox(sandboxes, record);
    return { sandbox, ...(isExisting && { existing: sandboxInfo(record) }) };
  },
  async find({ sandboxes }, id, { signal }) {
    const record = await sandboxes.get(id, signal);
    if (record.recoverable === false) throw unrecoverable(record);
    return { sandbox: new CloudflareSandbox(sandboxes, record), info: sandboxInfo(record) };
  },
  destroy: ({ sandboxes }, id, { signal }) => sandboxes.destroy(id, signal),
  async *list({ sandboxes }, { labels }, { signal }) {
    for await (const record of sandboxes.list(labels, signal)) yield sandboxInfo(record);
  },
  async removeSnapshot({ sandboxes }, { reference }, { signal }) {
    const source = templateSource(reference);
    if (!("snapshot" in source)) {
      throw new InvalidOptionsError("The template is not a snapshot of a Cloudflare sandbox", {
        providerId: "cloudflare",
      });
    }
    await sandboxes.removeSnapshot(source.snapshot, signal);
    return true;
  },
});

function unrecoverable({ id, stopReason = "" }: SandboxRecord): SandboxStoppedError {
  return new SandboxStoppedError(`The Cloudflare sandbox ${id} is stopped. ${stopReason}`.trim(), {
    providerId: "cloudflare",
    hint: "Its files were not kept.",
  });
}

/**
 * Runs sandboxes as Cloudflare containers, through a Worker of your own. Throws `invalid-options` for invalid settings; does
 * no I/O. The Worker's address may be missing until it is used.
 */
export const createCloudflareProvider: (settings?: CloudflareProviderSettings) => SandboxProvider = cloudflare.create;

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = {
  ...cloudflare.plugin,
  commands: { cloudflare: async () => (await import("./commands/cloudflare-command.ts")).cloudflareCommand },
};
