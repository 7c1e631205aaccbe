/** Environment variables of the host. */
export type HostVariables = Readonly<Record<string, string | undefined>>;
