import { isIPv4, isIPv6 } from "node:net";

/** A block of addresses, read from `203.0.113.7` or `203.0.113.0/24`. */
export interface AddressBlock {
  readonly bits: 32 | 128;
  /** The first address, as a number. */
  readonly first: bigint;
  readonly prefix: number;
}

/** `undefined` for what is neither an address nor a block. What stands behind the prefix is dropped, as E2B does. */
export function parseBlock(text: string): AddressBlock | undefined {
  const [address = "", suffix, ...rest] = text.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined || rest.length > 0) return undefined;
  const prefix = suffix === undefined ? bits : /^\d{1,3}$/.test(suffix) ? Number(suffix) : -1;
  if (prefix < 0 || prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  return { bits, prefix, first: (toNumber(address, bits) / size) * size };
}

export function formatBlock({ bits, first, prefix }: AddressBlock): string {
  const address = bits === 32 ? formatV4(first) : formatV6(first);
  return prefix === bits ? address : `${address}/${prefix}`;
}

/** Whether every address of `inner` is one of `outer`. */
export function holds(outer: AddressBlock, inner: AddressBlock): boolean {
  return (
    outer.bits === inner.bits &&
    outer.prefix <= inner.prefix &&
    lastOf(inner) <= lastOf(outer) &&
    inner.first >= outer.first
  );
}

/** What is left of a block without others. */
export function without(block: AddressBlock, others: readonly AddressBlock[]): readonly AddressBlock[] {
  if (others.some((other) => holds(other, block))) return [];
  const within = others.filter((other) => holds(block, other));
  if (within.length === 0) return [block];
  return halves(block).flatMap((half) => without(half, within));
}

/** What blocks have in common: of two, one holds the other or they have nothing in common. */
export function common(block: AddressBlock, others: readonly AddressBlock[]): readonly AddressBlock[] {
  if (others.some((other) => holds(other, block))) return [block];
  return others.filter((other) => holds(block, other));
}

function halves({ bits, first, prefix }: AddressBlock): readonly AddressBlock[] {
  const longer = prefix + 1;
  return [
    { bits, first, prefix: longer },
    { bits, first: first + (1n << BigInt(bits - longer)), prefix: longer },
  ];
}

function lastOf({ bits, first, prefix }: AddressBlock): bigint {
  return first + (1n << BigInt(bits - prefix)) - 1n;
}

function toNumber(address: string, bits: number): bigint {
  if (bits === 32) return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  // The one form that WHATWG gives an address: no dotted end, the longest run of zeros left out.
  const plain = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

function formatV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}

function formatV6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 65_535n).toString(16));
  return new URL(`http://[${parts.join(":")}]`).hostname.slice(1, -1);
}
