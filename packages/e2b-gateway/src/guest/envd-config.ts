/** The configuration that envd reads from its standard input, as one line of JSON. */
export interface EnvdConfig {
  readonly port: number;
  /** Asked for in `X-Access-Token` by everything but `/health`. Without one, everyone who reaches the port is let in. */
  readonly accessToken?: string;
  /** Whose files and processes these are where a request names no one. */
  readonly defaultUser: string;
  /** The base of relative paths and the working directory of processes. Default: the user's home. */
  readonly defaultWorkdir?: string;
  /** Given to every process. */
  readonly envVars: Readonly<Record<string, string>>;
  readonly sandboxId: string;
}

/** Parses the configuration. Throws when it is invalid. */
export function parseEnvdConfig(line: string): EnvdConfig {
  const config = JSON.parse(line) as Partial<EnvdConfig>;
  const { port, defaultUser = "user", envVars = {}, sandboxId = "", accessToken, defaultWorkdir } = config;
  if (typeof port !== "number") throw new Error("The configuration names no port.");
  return {
    port,
    defaultUser,
    envVars,
    sandboxId,
    ...(accessToken && { accessToken }),
    ...(defaultWorkdir && { defaultWorkdir }),
  };
}
