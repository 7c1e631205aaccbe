/** Where the sandbox wants to go: the host in its canonical form, and the port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}
