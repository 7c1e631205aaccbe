import { BlockList, isIP } from "node:net";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** The addresses of reverse proxies whose `X-Forwarded-*` headers count. */
export class TrustedProxies {
  readonly #addresses = new BlockList();
  readonly #count: number;

  /** Throws `invalid-options` for what is neither an address nor a block such as `10.0.0.0/8`. */
  constructor(blocks: readonly string[]) {
    this.#count = blocks.length;
    for (const block of blocks) this.#add(block);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  includes(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#addresses.check(address, family === 4 ? "ipv4" : "ipv6");
  }

  #add(block: string): void {
    const [address = "", bits] = block.split("/");
    const family = isIP(address);
    const size = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? size : Number(bits);
    // A block of all addresses would believe every client.
    const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && prefix >= 1 && prefix <= size);
    if (family === 0 || !isPrefix) {
      throw new InvalidOptionsError(`Invalid trusted proxy "${block}"`, {
        hint: "Pass the proxy's address, or a block such as 10.0.0.0/8.",
      });
    }
    this.#addresses.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  }
}
