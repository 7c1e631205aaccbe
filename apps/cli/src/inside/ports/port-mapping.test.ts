import { expect, it } from "vitest";
import { parsePortMapping } from "./port-mapping.ts";

it("reads a port, a port of each side, a free port, and an address of loopback", () => {
  expect(parsePortMapping("3000")).toEqual({ host: "127.0.0.1", port: 3000, inside: 3000 });
  expect(parsePortMapping("8080:3000")).toEqual({ host: "127.0.0.1", port: 8080, inside: 3000 });
  expect(parsePortMapping("0:3000")).toEqual({ host: "127.0.0.1", port: 0, inside: 3000 });
  expect(parsePortMapping("127.0.0.2:8080:3000")).toEqual({ host: "127.0.0.2", port: 8080, inside: 3000 });
  expect(parsePortMapping("localhost:3000")).toEqual({ host: "127.0.0.1", port: 3000, inside: 3000 });
  expect(parsePortMapping("[::1]:3000")).toEqual({ host: "::1", port: 3000, inside: 3000 });
});

it("refuses every address that a network reaches, and what is no port", () => {
  for (const text of ["0.0.0.0:3000", "[::]:3000", "192.168.1.2:80:80", "example.com:80", "127.evil.com:80"]) {
    expect(() => parsePortMapping(text), text).toThrow(/is not an address of this machine's loopback/);
  }
  for (const text of ["", "0", "65536", "-1", "3000:", ":3000", "1:2:3", "3000:0", "3000/tcp", "8080:99999"]) {
    expect(() => parsePortMapping(text), text).toThrow(/is not a port/);
  }
});
