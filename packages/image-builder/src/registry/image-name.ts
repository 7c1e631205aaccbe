import { InvalidOptionsError } from "@glovebox/core/provider";

/** An image's name, taken apart as container engines do. */
export interface ImageName {
  /** The registry's host with its port, as the name has it: `docker.io` where it names none. */
  readonly registry: string;
  /** The path within the registry: `library/python`. */
  readonly path: string;
  /** The name without tag and digest, as it was written. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
}

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** Takes an image's name apart. Throws `invalid-options` for what is no such name. */
export function parseImageName(reference: string): ImageName {
  const [, name = "", tag, digest] =
    /^(.*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/s.exec(reference) ?? [];
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const hasHost = slash > 0 && (/[.:[]/.test(first) || first === "localhost");
  const registry = hasHost && first !== "index.docker.io" ? first : "docker.io";
  const rest = hasHost ? name.slice(slash + 1) : name;
  if (!pathPattern.test(rest) || !hostPattern.test(registry)) {
    throw new InvalidOptionsError(`Invalid image name: ${reference}`, {
      hint: "Write it as python:3.13-slim, or registry.example/team/image:tag, in lower case.",
    });
  }
  const path = registry === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest;
  return {
    ...{ registry, path, repository: name },
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
