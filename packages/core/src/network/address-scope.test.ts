import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { addressScope } from "./address-scope.ts";

describe("the scope of an address", () => {
  it.each([
    ["10.1.2.3", "a private address"],
    ["172.31.0.1", "a private address"],
    ["192.168.1.1", "a private address"],
    ["127.9.9.9", "a loopback address"],
    ["169.254.1.1", "a link-local address"],
    ["169.254.169.254", "a metadata address"],
    ["100.100.100.200", "a metadata address"],
    ["168.63.129.16", "a metadata address"],
    ["fd00:ec2::254", "a metadata address"],
    ["100.64.0.1", "a shared address"],
    ["198.18.0.1", "a reserved address"],
    ["224.0.0.1", "a multicast address"],
    ["255.255.255.255", "a reserved address"],
    ["240.0.0.1", "a reserved address"],
    ["0.0.0.0", "the unspecified address"],
    ["0.1.2.3", "the unspecified address"],
    ["::", "the unspecified address"],
    ["::1", "a loopback address"],
    ["fe80::1", "a link-local address"],
    ["fc00::1", "a private address"],
    ["ff02::1", "a multicast address"],
    ["2001:db8::1", "a reserved address"],
    ["::ffff:10.0.0.1", "a private address"],
    ["::7f00:1", "a reserved address"],
    ["64:ff9b::7f00:1", "a loopback address"],
    ["64:ff9b::a9fe:a9fe", "a metadata address"],
    ["64:ff9b:1::808:808", "a reserved address"],
    ["2002:a00:1::1", "a private address"],
    ["2001::1", "a reserved address"],
    ["fec0::1", "a reserved address"],
  ])("%s is %s", (address, scope) => expect(addressScope(address)).toBe(scope));

  it.each(["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"])(
    "%s is public",
    (address) => expect(addressScope(address)).toBeUndefined(),
  );

  it("of each of the host's own is never public", () => {
    for (const { address } of Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])) {
      expect(addressScope(address.split("%", 1)[0] ?? address)).toBeDefined();
    }
  });
});
