import { expect, it } from "vitest";
import { readPorts } from "./listening-ports.ts";

it("the ports that the sandbox's user listens on are read from the kernel's tables, each once", () => {
  const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
  const row = (address: string, state: string, uid: number) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 22 1 0 100 0`;
  const tables = [
    head,
    row("0100007F:1F90", "0A", 1000),
    row("00000000:0BB8", "0A", 1000),
    row("0100007F:1F91", "0A", 0),
    row("0100007F:C350", "01", 1000),
    head,
    row("00000000000000000000000000000000:0BB8", "0A", 1000),
    "",
  ];
  expect(readPorts(tables.join("\n"))).toEqual([3000, 8080]);
});
