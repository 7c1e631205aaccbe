import { createHash } from "node:crypto";
import {
  type CallOptions,
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
import { readTemplateDockerfile } from "./template-dockerfile.ts";
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
 * `ProviderDefinition.prepare`: finds the template of this spec by its content hash, or builds it: of a Dockerfile, with
 * `ensureBuilt`, and again with `rebuild`. Without one, sandboxes start from the base, and each is set up after its creation,
 * which takes longer.
 */
export async function prepareTemplate(
  api: E2bApi,
  spec: TemplateSpec,
  { signal, onProgress, rebuild, ensureBuilt }: PrepareOptions = {},
): Promise<VendorTemplate> {
  const { base, layers } = spec;
  const call: CallOptions = signal === undefined ? {} : { signal };
  const from = base.kind === "image" ? base.reference : api.baseTemplate;
  const dockerfile = base.kind === "dockerfile" ? await readTemplateDockerfile(base) : undefined;
  const packages = packagesOf(layers);
  const ofDockerfile = dockerfile === undefined ? [] : [dockerfile.digest, dockerfile.steps];
  const parts = [from, layers, setUpScript, await readSupervisor(), ...ofDockerfile];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const name = `${builtPrefix}${digest.slice(0, 24)}`;
  const template = { digest: `sha256:${digest}`, packageHosts };
  if (!rebuild && (await exists(api, name, call))) return { ...template, reference: name, reused: true };
  if (rebuild || ensureBuilt || dockerfile !== undefined) {
    const own = base.kind === "image" ? from : templateBelow(dockerfile?.steps.image, from);
    const options = { name, from: own, layers, packages, digest: template.digest, ...(dockerfile && { dockerfile }) };
    await buildTemplate(api, options, { ...call, ...(onProgress && { onProgress }) });
    return { ...template, reference: name, reused: false };
  }
  if (base.kind === "image" && !(await exists(api, from, call))) throw missing(from);
  const notice = `Every sandbox of ${from} is set up after its creation. For faster starts, build a template with \`glovebox template build\``;
  return {
    ...template,
    reference: formatReference({ name: from, kind: "third-party", packages }),
    reused: true,
    notice,
  };
}

/** A Dockerfile may start from a template of Glovebox or from the base, by its name. */
function templateBelow(image: string | undefined, base: string): string | undefined {
  return image !== undefined && (image === base || image.startsWith(builtPrefix)) ? image : undefined;
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
