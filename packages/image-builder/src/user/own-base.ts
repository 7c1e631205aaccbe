import { parseDockerfile, stageImage } from "./parse-dockerfile.ts";

/** The build argument that holds the name of the default image, where a Dockerfile declares it. */
export const baseArgument = "GLOVEBOX_BASE";

/** Whether a Dockerfile starts a stage from the default image. */
export function usesOwnBase(text: string): boolean {
  return parseDockerfile(text).some(({ keyword, rest }) => keyword === "ARG" && /^GLOVEBOX_BASE\b/.test(rest));
}

/** Whether the image that comes of a Dockerfile is the default image with more in it. */
export function endsInOwnBase(text: string): boolean {
  const last = parseDockerfile(text).findLast(({ keyword }) => keyword === "FROM");
  return last !== undefined && /^\$(GLOVEBOX_BASE|\{GLOVEBOX_BASE\})$/.test(stageImage(last));
}
