import type { SandboxProvider } from "@glovebox/core/provider";

/** Lets the testkit stand between a provider and its vendor. */
export interface FaultOptions {
  /** Where the vendor's interface is: `unix:///var/run/docker.sock`, `http://127.0.0.1:3000`, `https://api.example.com`. */
  readonly upstream: string;
  /** The provider, reaching its vendor at this address: of the same kind, `unix://` or `http://`, without a path. */
  create(address: string): SandboxProvider;
  /** The settings that make the provider's plugin reach its vendor at this address. Without it no host is killed. */
  settings?(address: string): Readonly<Record<string, unknown>>;
}
