// Every name below `localhost` leads to this machine, as systemd-resolved and Debian's libnss-myhostname have it:
// imported by a test, or by a child process before its program.
import dns from "node:dns";

const lookup = dns.lookup;
dns.lookup = Object.assign((hostname: string, ...rest: unknown[]) => {
  const name = hostname.endsWith(".localhost") ? "127.0.0.1" : hostname;
  return Reflect.apply(lookup, dns, [name, ...rest]);
}, lookup);
