import type { EgressPolicy, HostRule } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import { type AddressBlock, formatBlock, holds, parseBlock, without } from "./address-block.ts";
import { isEverything, readDenied, readDestination } from "./destination.ts";
import { headerRules } from "./header-rules.ts";
import type { NetworkRequest } from "./network-request.ts";
import { coversName, namedPrivateRules, openPrivateRules } from "./private-hosts.ts";
import { specialBlocks } from "./special-blocks.ts";
import { usualRegistries } from "./usual-registries.ts";

/**
 * E2B's network rules as a policy of Glovebox. E2B's words: what is allowed wins over what is denied; a name is for the
 * ports 80 and 443, an address or a block for every port; a name can be allowed only where all else is denied.
 *
 * `privateHosts` are the rules of the gateway's operator, from `parsePrivateHosts`: a private address is reached only where one
 * of them, or a usual registry's name, stands for it and the client's own rules let it pass. Throws an {@link ApiError} of 400 for what E2B refuses too, and for
 * what is not served here.
 */
export function toEgressPolicy(
  request: NetworkRequest,
  { privateHosts }: { readonly privateHosts: readonly HostRule[] },
): EgressPolicy {
  if (request.egressProxy !== undefined && request.egressProxy !== null) {
    throw new ApiError(400, "network.egressProxy is not supported by this deployment");
  }
  const { names, blocks, denied } = readLists(request);
  const deniesAll = denied.some(isEverything) || request.allowInternetAccess === false;
  const isOpen = !deniesAll || blocks.some(isEverything);
  const mayBePrivate = [...usualRegistries, ...privateHosts];
  const operators = isOpen
    ? openPrivateRules(mayBePrivate, single(denied))
    : namedPrivateRules(mayBePrivate, names, blocks);
  const allow = [
    ...names.map((host): HostRule => ({ host, source: "allowOut" })),
    ...publicRules(blocks),
    ...operators,
  ];
  const deny = isOpen ? single(denied).map((block) => ({ host: formatBlock(block), source: "denyOut" })) : [];
  const credentials = headerRules(request.rules ?? {}, privateHosts).filter(
    ({ host }) => isOpen || isAllowed(host, names, blocks),
  );
  return {
    mode: isOpen ? "open" : "standard",
    models: [],
    ...(allow.length > 0 && { allow }),
    ...(deny.length > 0 && { deny }),
    ...(credentials.length > 0 && { credentials }),
  };
}

interface Lists {
  readonly names: readonly string[];
  readonly blocks: readonly AddressBlock[];
  readonly denied: readonly AddressBlock[];
}

function readLists({ allowOut = [], denyOut = [] }: NetworkRequest): Lists {
  const allowed = allowOut.map(readDestination);
  const names = allowed.flatMap((one) => (one.kind === "name" ? [one.host] : []));
  const blocks = allowed.flatMap((one) => (one.kind === "block" ? [one.block] : []));
  const denied = denyOut.map(readDenied);
  if (names.length > 0 && !denied.some(isEverything)) {
    throw new ApiError(
      400,
      "When specifying allowed domains in allow out, you must include 'ALL_TRAFFIC' in deny out to block all other traffic.",
    );
  }
  return { names, blocks, denied };
}

/** What is denied one by one: all of it at once is the policy's mode. */
function single(denied: readonly AddressBlock[]): readonly AddressBlock[] {
  return denied.filter((block) => !isEverything(block));
}

/** The public addresses of the allowed blocks, on every port. A rule that named a private one would open it. */
function publicRules(blocks: readonly AddressBlock[]): readonly HostRule[] {
  const special = specialBlocks();
  const parts = blocks.filter((block) => !isEverything(block)).flatMap((block) => without(block, special));
  return parts.map((part) => ({ host: formatBlock(part), port: "any", source: "allowOut" }));
}

function isAllowed(host: string, names: readonly string[], blocks: readonly AddressBlock[]): boolean {
  const block = parseBlock(host);
  return block === undefined
    ? names.some((name) => coversName(name, host))
    : blocks.some((allowed) => holds(allowed, block));
}
