import { type HostRule, InvalidOptionsError } from "@glovebox/core/provider";
import { type AddressBlock, common, formatBlock, parseBlock, without } from "./address-block.ts";
import { isEverything, readName } from "./destination.ts";

/**
 * Reads what the gateway's operator lets sandboxes reach: a private name, an address or a block, each with `:PORT` or without.
 * Throws `invalid-options`.
 */
export function parsePrivateHosts(texts: readonly string[]): readonly HostRule[] {
  return texts.map((text) => {
    const [, before, digits] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text.trim()) ?? [];
    const host = readHost((before ?? text.trim()).replace(/^\[(.*)\]$/, "$1"));
    const port = digits === undefined ? undefined : Number(digits);
    if (host === undefined || port === 0 || (port ?? 0) > 65_535) {
      throw new InvalidOptionsError(`privateHosts: ${JSON.stringify(text)} is not a host, with a port or without`, {
        hint: "For example db.example.com:5432, 10.1.2.3 or 10.1.0.0/16.",
      });
    }
    return { host, ...(port !== undefined && { port }), source: "privateHosts" };
  });
}

function readHost(text: string): string | undefined {
  const block = parseBlock(text);
  if (block === undefined) return readName(text);
  return isEverything(block) ? undefined : formatBlock(block);
}

/** The operator's hosts that a client's own rules allow: in open mode, all that are not denied. */
export function openPrivateRules(rules: readonly HostRule[], denied: readonly AddressBlock[]): readonly HostRule[] {
  return rules.flatMap((rule) => {
    const block = parseBlock(rule.host);
    return block === undefined ? [nameRule(rule)] : without(block, denied).map((part) => blockRule(rule, part));
  });
}

/** What a client's own rules let through where all else is denied: the names and the addresses that they name. */
export function namedPrivateRules(
  rules: readonly HostRule[],
  names: readonly string[],
  blocks: readonly AddressBlock[],
): readonly HostRule[] {
  return rules.flatMap((rule) => {
    const block = parseBlock(rule.host);
    if (block !== undefined) return common(block, blocks).map((part) => blockRule(rule, part));
    return names.some((name) => coversName(name, rule.host)) ? [nameRule(rule)] : [];
  });
}

/** Whether a name, or a name with `*.` in front, stands for another. */
export function coversName(name: string, other: string): boolean {
  return name === other || (name.startsWith("*.") && other.endsWith(name.slice(1)));
}

function nameRule(rule: HostRule): HostRule {
  return { ...rule, mayBePrivate: true };
}

function blockRule(rule: HostRule, part: AddressBlock): HostRule {
  return { ...rule, host: formatBlock(part), port: rule.port ?? "any" };
}
