import type { EnvdConfig } from "./envd-config.ts";

/** What `POST /init` may change while envd runs. */
export class EnvdState {
  accessToken: string | undefined;
  defaultUser: string;
  defaultWorkdir: string | undefined;
  readonly envVars: Map<string, string>;

  constructor(config: EnvdConfig) {
    this.accessToken = config.accessToken;
    this.defaultUser = config.defaultUser;
    this.defaultWorkdir = config.defaultWorkdir;
    const identity = { E2B_SANDBOX: "true", E2B_SANDBOX_ID: config.sandboxId };
    this.envVars = new Map(Object.entries({ ...identity, ...config.envVars }));
  }
}
