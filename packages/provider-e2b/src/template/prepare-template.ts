import { createHash } from "node:crypto";
import {
  type CallOptions,
  CapabilityUnsupportedError,
  type PrepareOptions,
  SandboxError,
  TemplateError,
  type TemplateSpec,
} from "@glovebox/core/provider";
import type { VendorTemplate } from "@glovebox/provider-kit";
import type { E2bApi } from "../api/e2b-api.ts";
import { readSupervisor } from "../supervisor/set-up-sandbox.ts";
import { setUpScript } from "../supervisor/setup-script.ts";
import { buildTemplate } from "./build-template.ts";
import { builtPrefix, formatReference, packagesOf } from "./template-reference.ts";

/** The default package hosts of npm, pip and apt in E2B's images. */
const packageHosts = [
  "deb.debian.org",
  "files.pythonhosted.org",
  "pypi.org",
  "registry.npmjs.org",
  "security.debian.org",
];

/**
 * `ProviderDefinition.prepare`: finds the template of this spec by its content hash, or builds it with `rebuild`. Without one,
 * sandboxes start from the base, and each is set up after its creation, which takes longer.
 */
export async function prepareTemplate(
  api: E2bApi,
  spec: TemplateSpec,
  { signal, onProgress, rebuild }: PrepareOptions = {},
): Promise<VendorTemplate> {
  const { base, layers } = spec;
  if (base.kind === "dockerfile") {
    throw new CapabilityUnsupportedError("The E2B provider does not build Dockerfiles", {
      providerId: "e2b",
      hint: "Build a template from it with E2B's CLI, and use its name as the image.",
      remedy: { set: "image" },
    });
  }
  const call: CallOptions = signal === undefined ? {} : { signal };
  const from = base.kind === "image" ? base.reference : api.baseTemplate;
  const packages = packagesOf(layers);
  const parts = [from, layers, setUpScript, await readSupervisor()];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const name = `${builtPrefix}${digest.slice(0, 24)}`;
  const template = { digest: `sha256:${digest}`, packageHosts };
  if (rebuild) {
    await buildTemplate(
      api,
      { name, from: base.kind === "image" ? from : undefined, layers, packages, digest: template.digest },
      { ...call, ...(onProgress && { onProgress }) },
    );
    return { ...template, reference: name, reused: false };
  }
  if (await exists(api, name, call)) return { ...template, reference: name, reused: true };
  if (base.kind === "image" && !(await exists(api, from, call))) throw missing(from);
  const notice = `Every sandbox of ${from} is set up after its creation. For faster starts, build a template with \`glovebox template build\``;
  return {
    ...template,
    reference: formatReference({ name: from, kind: "third-party", packages }),
    reused: true,
    notice,
  };
}

async function exists(api: E2bApi, name: string, call: CallOptions): Promise<boolean> {
  try {
    return await api.call(`looking for the template ${name}`, call, ({ Template }, options) =>
      Template.exists(name, options),
    );
  } catch (error) {
    // An invalid name does not exist.
    if (SandboxError.isInstance(error) && ["invalid-options", "template", "not-found"].includes(error.code))
      return false;
    throw error;
  }
}

function missing(name: string): TemplateError {
  return new TemplateError(`The E2B template ${name} does not exist`, {
    providerId: "e2b",
    hint: "Names and ids are at https://e2b.dev/dashboard?tab=templates.",
  });
}
