/** Whether nobody between can read or change what is sent: HTTPS, or HTTP to this machine. */
export function isTrustedTransport({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}
