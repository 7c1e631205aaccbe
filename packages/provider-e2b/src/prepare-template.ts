import { createHash } from "node:crypto";
import {
  type CallOptions,
  CapabilityUnsupportedError,
  type PrepareOptions,
  SandboxError,
  type Template,
  TemplateError,
  type TemplateSpec,
} from "@glovebox/core/provider";
import { buildTemplate } from "./build-template.ts";
import type { E2bApi } from "./e2b-api.ts";
import { readSupervisor } from "./set-up-sandbox.ts";
import { setUpScript } from "./setup-script.ts";
import { builtPrefix, formatReference, packagesOf } from "./template-reference.ts";

/** What E2B's own images are configured to take packages from: npm's, pip's and apt's usual ones. */
const packageHosts = [
  "deb.debian.org",
  "files.pythonhosted.org",
  "pypi.org",
  "registry.npmjs.org",
  "security.debian.org",
];

/**
 * `SandboxProvider.prepare`: the template that was built of this spec before, by its content's name; with `rebuild` it is built.
 * Without one the base serves as it is, and every sandbox of it is set up when it is made, which takes longer.
 */
export async function prepareTemplate(
  api: E2bApi,
  spec: TemplateSpec,
  { signal, onProgress, rebuild }: PrepareOptions = {},
): Promise<Template> {
  const { base, layers } = spec;
  if (base.kind === "dockerfile") {
    throw new CapabilityUnsupportedError("The E2B provider builds no Dockerfiles", {
      providerId: "e2b",
      hint: "Make a template of it by E2B's own means, and name it with --template.",
    });
  }
  const call: CallOptions = signal === undefined ? {} : { signal };
  const from = base.kind === "image" ? base.reference : api.baseTemplate;
  const packages = packagesOf(layers);
  const parts = [from, layers, setUpScript, await readSupervisor()];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const name = `${builtPrefix}${digest.slice(0, 24)}`;
  const template = { providerId: "e2b", digest: `sha256:${digest}`, packageHosts };
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
  const notice = `Every sandbox of ${from} is set up anew: \`glovebox template build --provider e2b\` does it once and makes starts faster`;
  return { ...template, reference: formatReference({ name: from, kind: "foreign", packages }), reused: true, notice };
}

async function exists(api: E2bApi, name: string, call: CallOptions): Promise<boolean> {
  try {
    return await api.call(`looking for the template ${name}`, call, ({ Template }, options) =>
      Template.exists(name, options),
    );
  } catch (error) {
    // What E2B does not take for a name names nothing.
    if (SandboxError.isInstance(error) && ["invalid-options", "template", "not-found"].includes(error.code))
      return false;
    throw error;
  }
}

function missing(name: string): TemplateError {
  return new TemplateError(`E2B has no template ${name}`, {
    providerId: "e2b",
    hint: "Names and ids are at https://e2b.dev/dashboard?tab=templates.",
  });
}
