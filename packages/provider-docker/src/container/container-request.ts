import type Docker from "dockerode";

/**
 * What dockerode is given to create a container. Left to itself it repeats the whole body in the URL, where proxies refuse
 * what is longer than a few kilobytes, and where logs show the values of the environment.
 */
export function containerRequest({ name, ...body }: Docker.ContainerCreateOptions): Docker.ContainerCreateOptions {
  // dockerode's types do not know the two names that keep the query and the body apart.
  return { _query: name === undefined ? {} : { name }, _body: body } as Docker.ContainerCreateOptions;
}
