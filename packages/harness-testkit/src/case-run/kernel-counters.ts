/** What a sandbox's kernel counted in its own network namespace. */
export interface KernelCounters {
  /** UDP datagrams that were sent: each look-up of a name is one. */
  readonly datagramsOut: number;
  /** Packets to addresses that no route leads to. */
  readonly withoutRoute: number;
}

/** Reads `/proc/net/snmp`: for each protocol a line of names, then a line of values. */
export function kernelCounters(text: string): KernelCounters {
  const values = new Map<string, number>();
  const lines = text.split("\n").map((line) => line.split(/\s+/));
  for (const [index, names] of lines.entries()) {
    const [protocol, ...rest] = names;
    const numbers = lines[index + 1];
    if (protocol === undefined || numbers?.[0] !== protocol) continue;
    for (const [at, name] of rest.entries()) values.set(`${protocol}${name}`, Number(numbers[at + 1]));
  }
  const read = (name: string): number => {
    const value = values.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`The kernel does not count ${name}`);
    return value;
  };
  return { datagramsOut: read("Udp:OutDatagrams"), withoutRoute: read("Ip:OutNoRoutes") };
}
