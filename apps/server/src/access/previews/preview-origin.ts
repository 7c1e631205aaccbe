import { hostName } from "../network/host-names.ts";

/** A port of a run, which has an origin of its own. */
export interface PreviewTarget {
  readonly runId: string;
  readonly port: number;
}

/** The domain below which each port of each run has a name of its own: `3000-20261201-045012-abc123.preview.example.com`. */
export class PreviewOrigin {
  readonly #domain: string;

  constructor(domain: string) {
    this.#domain = domain;
  }

  /** The host name of a port. */
  nameOf({ runId, port }: PreviewTarget): string {
    return `${port}-${runId}.${this.#domain}`;
  }

  /** Whether a `Host` is below the domain, whatever it names there. */
  owns(host: string): boolean {
    return hostName(host)?.endsWith(`.${this.#domain}`) === true;
  }

  /** The port that a `Host` names. */
  targetOf(host: string): PreviewTarget | undefined {
    const name = hostName(host);
    if (name === undefined || !this.owns(host)) return undefined;
    const match = /^(\d{1,5})-([a-z0-9-]+)$/.exec(name.slice(0, -this.#domain.length - 1));
    return match === null ? undefined : { port: Number(match[1]), runId: match[2] ?? "" };
  }
}
