import type { HostProxyDescription } from "@glovebox/core/host-proxy";
import type { EgressMode } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { hostAndPort } from "./host-and-port.ts";

/** What a sandbox may reach, as it is shown. */
export interface NetworkView {
  /** Of a run that was started. */
  readonly runId?: string;
  readonly mode: EgressMode;
  readonly models: readonly { readonly id: string; readonly upstream: string }[];
  readonly allow: readonly {
    readonly host: string;
    readonly port?: number | "any" | undefined;
    readonly source: string;
  }[];
  readonly credentials: readonly {
    readonly host: string;
    readonly port?: number | undefined;
    readonly header: string;
    readonly scheme?: string | undefined;
    /** The secret's name. */
    readonly secret: string;
    readonly source: string;
  }[];
  readonly maxCostUsd?: number;
  /** Variables that are set inside because of the network. */
  readonly inside?: Readonly<Record<string, string>>;
  readonly refusedRemotes?: readonly string[];
  /** The proxies that requests go by from here, and what is reached without. */
  readonly hostProxy?: HostProxyDescription;
  /** The registries that the image's own configuration names come in addition, once it is there. */
  readonly addsImageHosts?: boolean;
}

const modeMeanings: Readonly<Record<EgressMode, string>> = {
  none: "nothing is reached, not even a model",
  sealed: "the model, and what is listed here",
  standard: "the model, package registries, and what is listed here",
  open: "every public host; no private, loopback, link-local or metadata address but those listed here",
};

/** As text: what is reached, what gets a credential, what is set inside, what is refused. */
export function printNetwork(view: NetworkView, output: Output): void {
  const { bold, dim } = output.colors;
  const section = (title: string, rows: readonly (readonly [string, string])[]) => {
    if (rows.length === 0) return;
    output.line();
    output.line(bold(title));
    const width = Math.min(40, Math.max(...rows.map(([name]) => name.length)));
    for (const [name, text] of rows) output.line(`  ${safeName(name).padEnd(width)}  ${dim(safeName(text))}`);
  };
  output.line(`${bold(`Network ${view.mode}`)}: ${modeMeanings[view.mode]}`);
  section("Reached", [
    ...view.models.map(({ id, upstream }) => [upstream, `the model's API (${id}), by named paths alone`] as const),
    ...view.allow.map((rule) => [hostAndPort(rule), rule.source] as const),
    ...(view.addsImageHosts ? [["…", "the registries that the image's own configuration names"] as const] : []),
  ]);
  section(
    "With a credential that is added outside",
    view.credentials.map((rule) => [hostAndPort(rule), credentialText(rule)] as const),
  );
  section("Set inside", Object.entries(view.inside ?? {}));
  section("By way of this machine's proxy", proxyRows(view.hostProxy));
  section("Refused", [
    ...(view.refusedRemotes ?? []).map(
      (host) => [host, `a git remote of the workspace; --allow-host ${host}`] as const,
    ),
    ...(view.mode === "open" || view.mode === "none" ? [] : [["everything else", "--allow-host HOST"] as const]),
  ]);
  if (view.maxCostUsd !== undefined) {
    output.line();
    output.line(`The models may cost $${view.maxCostUsd} in all.`);
  }
}

function proxyRows(description: HostProxyDescription | undefined): (readonly [string, string])[] {
  const { proxies = [], bypass, notices = [] } = description ?? {};
  return [
    ...proxies.map(
      ({ scheme, address, variable, problem }) => [scheme, problem ?? `${address}, from ${variable}`] as const,
    ),
    ...(proxies.length > 0 && bypass
      ? [["none for", `${bypass.list}, from ${bypass.variable}; and loopback`] as const]
      : []),
    ...notices.map((notice) => ["notice", notice] as const),
  ];
}

function credentialText({ header, scheme, secret, source }: NetworkView["credentials"][number]): string {
  return `${header}${scheme === undefined ? "" : ` ${scheme}`}: ${secret}, from ${source}`;
}
