import { InvalidOptionsError, SandboxError, TemplateError } from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import { imageReference } from "../image/image-names.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import type { UserImage } from "./user-image.ts";

/** An image by its name, pulled where the engine does not have it. */
export async function namedImage(
  engine: ImageEngine,
  name: string,
  options: PrepareTemplateOptions,
): Promise<UserImage> {
  const { providerId, command } = engine;
  const { signal, onProgress, registryLogin, env = process.env } = options;
  if (!/^[A-Za-z0-9][\w.:/@-]*$/.test(name) || name.includes("..")) {
    throw new InvalidOptionsError(`Invalid image name: ${name}`, {
      providerId,
      hint: `Write the name as in \`${command} pull\`: python:3.13-slim, or registry.example/team/image:tag.`,
    });
  }
  let found = await engine.inspect(name, { signal });
  if (found === undefined) {
    try {
      await engine.pull(name, { env, registryLogin, onProgress, signal });
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
      throw new TemplateError(`The image ${name} is not on this engine and could not be pulled: ${error.message}`, {
        providerId,
        hint: `Check the name, log in with \`${command} login\`, or bring it with \`${command} load\`.`,
        retryable: error.retryable,
        cause: error,
      });
    }
    found = await engine.inspect(name, { signal });
  }
  if (found === undefined) throw new TemplateError(`The image ${name} was removed after it was pulled`, { providerId });
  return { id: found.id, reference: imageReference("user", found.id.replace("sha256:", "")) };
}
