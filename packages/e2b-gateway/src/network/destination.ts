import { ApiError } from "../api-error.ts";
import { type AddressBlock, parseBlock } from "./address-block.ts";

/** What a rule of E2B's is about. */
export type Destination =
  | { readonly kind: "name"; readonly host: string }
  | { readonly kind: "block"; readonly block: AddressBlock };

/** The address block that E2B's SDKs call `ALL_TRAFFIC`. */
const allTraffic = "0.0.0.0/0";

/** Reads an entry of `allowOut`: a name, `*.` and a name, an address or a block. Throws an {@link ApiError} of 400. */
export function readDestination(text: string): Destination {
  const block = readBlock(text, "allow out");
  if (block !== undefined) return { kind: "block", block };
  const host = readName(text);
  if (host === undefined) throw new ApiError(400, `invalid allowed address ${text}`);
  return { kind: "name", host };
}

/** Reads an entry of `denyOut`: an address or a block. Throws an {@link ApiError} of 400. */
export function readDenied(text: string): AddressBlock {
  const block = readBlock(text, "deny out");
  if (block === undefined) throw new ApiError(400, `invalid denied CIDR ${text}`);
  return block;
}

/** A name as a rule has it, in lower case; `undefined` for an invalid one. */
export function readName(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = (name.startsWith("*.") ? name.slice(2) : name).split(".");
  const isName = labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
  return isName && name.length <= 253 && !/^\d+$/.test(labels.at(-1) ?? "") ? name : undefined;
}

/** Every address of IPv4, which is how E2B says that all else is denied or allowed. */
export function isEverything({ bits, prefix }: AddressBlock): boolean {
  return bits === 32 && prefix === 0;
}

function readBlock(text: string, list: string): AddressBlock | undefined {
  const block = parseBlock(text === "ALL_TRAFFIC" ? allTraffic : text);
  if (block !== undefined) return block;
  const [, before = ""] = /^(.+):\d+$/.exec(text) ?? [];
  if (parseBlock(before.replace(/^\[(.*)\]$/, "$1")) === undefined && readName(before) === undefined) return undefined;
  const message = `invalid ${list} entry ${JSON.stringify(text)}: port-specific rules are not supported for egress`;
  throw new ApiError(400, message);
}
