import { expect, it } from "vitest";
import { parseServerAddress } from "./server-address.ts";

it("accepts https anywhere, and plain HTTP on this machine", () => {
  expect(parseServerAddress("https://glovebox.example.com/", "--server")).toBe("https://glovebox.example.com");
  expect(parseServerAddress("https://example.com/glovebox/", "--server")).toBe("https://example.com/glovebox");
  expect(parseServerAddress("http://127.0.0.1:3210", "--server")).toBe("http://127.0.0.1:3210");
  expect(parseServerAddress("http://[::1]:3210", "--server")).toBe("http://[::1]:3210");
  expect(parseServerAddress("local", "--server")).toBeUndefined();
});

it.each(["http://192.168.1.2:3210", "http://localhost.example.com", "http://127.0.0.1.example.com"])(
  "sends no token to %s",
  (address) => {
    expect(() => parseServerAddress(address, "--server")).toThrow("plain HTTP");
  },
);

it.each(["glovebox.example.com", "ftp://example.com", "https://example.com?x=1", "https://me:secret@example.com"])(
  "refuses %s",
  (address) => {
    expect(() => parseServerAddress(address, "--server")).toThrow(/^--server (is not the address|has a user name)/);
  },
);
