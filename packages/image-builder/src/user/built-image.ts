import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { proxyVariables } from "@glovebox/core/host-proxy";
import { SandboxError, type TemplateBase } from "@glovebox/core/provider";
import { certificatesImage } from "../certificates/certificates-image.ts";
import { trustingDockerfile } from "../certificates/trusting-dockerfile.ts";
import { type BuildContext, contextDigest, readBuildContext, tarOfContext } from "../context/build-context.ts";
import type { ImageEngine } from "../engine/image-engine.ts";
import type { PreparedImage } from "../image/default-image.ts";
import { nameBuiltImage } from "../image/finish-image.ts";
import { imageLabels, imageReference } from "../image/image-names.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { baseImages } from "./base-images.ts";
import { baseArgument, endsInOwnBase, usesOwnBase } from "./own-base.ts";
import { parserDirectives } from "./parse-dockerfile.ts";
import type { UserImage } from "./user-image.ts";

const mostNamed = 10;

/** The image of a user's Dockerfile. `source`: the default image, which it may start from. */
export async function builtImage(
  engine: ImageEngine,
  base: Extract<TemplateBase, { kind: "dockerfile" }>,
  source: PreparedImage,
  options: PrepareTemplateOptions,
): Promise<UserImage> {
  const { signal, onProgress, rebuild = false, env = process.env } = options;
  const context = await readBuildContext(resolve(base.path));
  const notice = noticeOf(context);
  const ownBase = usesOwnBase(context.dockerfileText) ? { [baseArgument]: source.reference } : {};
  const buildArgs = { ...ownBase, ...base.buildArgs };
  const isOwn = buildArgs[baseArgument] === source.reference && endsInOwnBase(context.dockerfileText);
  const inputs = [await contextDigest(context), context.dockerfile, Object.entries(buildArgs).sort()];
  const digest = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  const reference = imageReference("user", digest);
  const existing = rebuild ? undefined : await engine.inspect(reference, { signal });
  if (existing !== undefined) return { id: existing.id, reference, isOwn, ...notice };

  const { text, missing } = await buildableHere(engine, context.dockerfileText, buildArgs, options);
  const certificates = await certificatesImage(engine, env, signal);
  const id = await engine.build({
    context: tarOfContext(context, certificates === undefined ? text : trustingDockerfile(text, certificates)),
    dockerfile: context.dockerfile,
    buildArgs: { ...proxyVariables(env), ...buildArgs },
    labels: imageLabels(options.owner),
    what: base.path,
    hint: hintOf(engine.command, missing, text !== context.dockerfileText),
    noCache: rebuild,
    onProgress,
    signal,
  });
  return { id: await nameBuiltImage(engine, id, reference, rebuild), reference, isOwn, ...notice };
}

function noticeOf({ leftOut }: BuildContext): { readonly notice?: string } {
  if (leftOut.length === 0) return {};
  const more = leftOut.length > mostNamed ? ` and ${leftOut.length - mostNamed} more` : "";
  const named = leftOut.slice(0, mostNamed).join(", ");
  return { notice: `Names that are not UTF-8 are excluded from the build context: ${named}${more}` };
}

/**
 * Pulls what a Dockerfile starts from, so that private images work: BuildKit would ask for credentials on a session.
 * What cannot be pulled is left to the build to report, except for the image of a `# syntax=` line, without which the
 * engine's own frontend takes over.
 */
async function buildableHere(
  engine: ImageEngine,
  text: string,
  buildArgs: Readonly<Record<string, string>>,
  options: PrepareTemplateOptions,
): Promise<{ readonly text: string; readonly missing: readonly string[] }> {
  const { syntax } = parserDirectives(text);
  const missing: string[] = [];
  for (const name of baseImages(text, buildArgs)) if (!(await isPresent(engine, name, options))) missing.push(name);
  if (syntax === undefined || (await isPresent(engine, syntax, options))) return { text, missing };
  options.onProgress?.({ message: `building without ${syntax}, which cannot be pulled` });
  return { text: text.replace(/^\s*#\s*syntax\s*=.*$/im, "#"), missing };
}

/** The hint for a build that fails: the likeliest cause first. */
function hintOf(command: string, missing: readonly string[], isOtherSyntax: boolean): string | undefined {
  const [name] = missing;
  if (name !== undefined) {
    const how = `check the name, log in with \`${command} login\`, or bring it with \`${command} load\``;
    return `${name}, which it starts from, is not on this engine and could not be pulled: ${how}.`;
  }
  if (!isOtherSyntax) return undefined;
  return "The image of its `# syntax=` line cannot be pulled, and this engine's own syntax may be older (here-documents need Docker 23).";
}

async function isPresent(engine: ImageEngine, name: string, options: PrepareTemplateOptions): Promise<boolean> {
  const { signal, onProgress, registryLogin, env = process.env } = options;
  if ((await engine.inspect(name, { signal })) !== undefined) return true;
  try {
    await engine.pull(name, { env, registryLogin, onProgress, signal });
    return true;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    return false;
  }
}
