/** Where the gateway says what it does; as pino's. It never gets a secret, a body or a query. */
export interface GatewayLogger {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}
