/** What envd is told on its standard input, as one line of JSON. */
export interface EnvdConfig {
  readonly port: number;
  /** Asked for in `X-Access-Token` by everything but `/health`. Without one, everyone who reaches the port is let in. */
  readonly accessToken?: string;
  /** Whose files and processes these are where a request names no one. */
  readonly defaultUser: string;
  /** Where relative paths and processes begin; the user's home unless given. */
  readonly defaultWorkdir?: string;
  /** Given to every process. */
  readonly envVars: Readonly<Record<string, string>>;
  readonly sandboxId: string;
}

/** Reads the configuration. Throws for what is none. */
export function parseEnvdConfig(line: string): EnvdConfig {
  const given = JSON.parse(line) as Partial<EnvdConfig>;
  const { port, defaultUser = "user", envVars = {}, sandboxId = "", accessToken, defaultWorkdir } = given;
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
