import { isHostName } from "../../network/parse-host-port.ts";
import type { EgressPolicy, HostRule, ModelRoute } from "../../provider/egress-policy.ts";
import type { Template } from "../../provider/template.ts";
import type { RunSpec } from "../run-spec.ts";
import { runBudget } from "./run-budget.ts";

/** What the run's sandbox may reach. In `standard`, the registries of its template's own configuration are among it. */
export function egressPolicy(spec: RunSpec, model: ModelRoute, template?: Template): EgressPolicy {
  const { network, describeRemedy } = spec;
  const budget = runBudget(spec);
  const mode = network?.mode ?? "sealed";
  const own = network?.allow ?? [];
  const allow = [...own, ...(mode === "standard" ? templateRules(template, own) : [])];
  return {
    mode,
    models: [model],
    ...(network?.allow === undefined && allow.length === 0 ? {} : { allow }),
    ...(network?.credentials === undefined ? {} : { credentials: network.credentials }),
    ...(budget === undefined ? {} : { budget }),
    ...(describeRemedy === undefined ? {} : { describeRemedy }),
  };
}

/**
 * Names that an image may give and that nobody but their owners and this machine's resolver answer for: where it says that
 * they are private, as behind a company's mirror, its administrator did.
 */
const usualRegistries: ReadonlySet<string> = new Set([
  "registry.npmjs.org",
  "pypi.org",
  "files.pythonhosted.org",
  "deb.debian.org",
  "security.debian.org",
  "archive.ubuntu.com",
  "security.ubuntu.com",
  "ports.ubuntu.com",
]);

/**
 * An image is somebody else's: it may name hosts and no addresses, since a rule that names an address opens it although it
 * is a private one.
 */
function templateRules(template: Template | undefined, own: readonly HostRule[]): HostRule[] {
  return (template?.packageHosts ?? []).flatMap((text) => {
    const [, host = "", port] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
    if (!isHostName(host)) return [];
    const rule = {
      host,
      ...(port === undefined ? {} : { port: Number(port) }),
      ...(usualRegistries.has(host) ? { mayBePrivate: true } : {}),
    };
    const isKnown = own.some((other) => other.host === host && other.port === rule.port);
    return isKnown ? [] : [{ ...rule, source: "the image's configuration" }];
  });
}
