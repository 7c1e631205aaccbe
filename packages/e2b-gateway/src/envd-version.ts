/** The envd whose behaviour the gateway's own follows. Clients ask for a feature only where this is new enough for it. */
export const envdVersion = "0.6.4";

/** Where envd listens in every sandbox. */
export const envdPort = 49_983;
