/** Where a sandbox's pod is. */
export interface PodAddress {
  readonly namespace: string;
  readonly name: string;
}

/** Two DNS labels: nothing else gets into a request. */
const pattern = /^(?<name>[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\.(?<namespace>[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

/** The id of a sandbox: `<pod>.<namespace>`. */
export function formatSandboxId({ name, namespace }: PodAddress): string {
  return `${name}.${namespace}`;
}

/** Parses an id; `undefined` for one that no sandbox has. */
export function parseSandboxId(id: string): PodAddress | undefined {
  const { name, namespace } = pattern.exec(id)?.groups ?? {};
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}
