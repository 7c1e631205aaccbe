/**
 * Reads network rules, credentials and package registries.
 *
 * @module @glovebox/core/network
 */
export { addressScope } from "./address-scope.ts";
export { canonicalHost, hostAndPort } from "./canonical-host.ts";
export { carriedAddress } from "./carried-address.ts";
export { type HostPattern, hostPattern, matchesTarget } from "./host-pattern.ts";
export type { PackageSourceOptions, PackageSources } from "./package-sources.ts";
export { type CredentialOption, parseCredentialOption } from "./parse-credential-option.ts";
export { parseHostRule } from "./parse-host-rule.ts";
export { readPackageSources } from "./read-package-sources.ts";
export { readRemoteHosts } from "./read-remote-hosts.ts";
