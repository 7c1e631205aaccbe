import type { GitWorkspace } from "./git-workspace.ts";
import { type HostSettings, identityOf, originOf } from "./host-settings.ts";

const truthy = /^(true|yes|on|1)$/i;
const truth = /^(true|false|yes|no|on|off|0|1)$/i;

/** What makes git see another tree, and the values that it may have. Nothing else of a host's settings goes inside. */
const carried: Readonly<Record<string, RegExp>> = {
  "core.autocrlf": /^(true|false|yes|no|on|off|0|1|input)$/i,
  "core.eol": /^(lf|crlf|native)$/i,
  "core.safecrlf": /^(true|false|warn)$/i,
  "core.filemode": truth,
  "core.symlinks": truth,
  "core.ignorecase": truth,
  "core.precomposeunicode": truth,
  "core.sparsecheckout": truth,
  "core.sparsecheckoutcone": truth,
  "status.showuntrackedfiles": /^(no|normal|all|true|false)$/i,
  "diff.ignoresubmodules": /^(all|none|dirty|untracked)$/i,
};

/**
 * As Git LFS does it, for what it needs no server for: a file becomes a pointer when it is added, and a pointer that is
 * checked out stays one.
 */
const lfsClean = [
  'f=$(mktemp) && cat > "$f" || exit 1',
  'if test ! -s "$f" || { test "$(wc -c < "$f")" -lt 1024 && head -n 1 "$f" | grep -q "^version https://git-lfs"; }',
  'then cat "$f"',
  'else s=$(sha256sum < "$f" | cut -c 1-64) && n=$(wc -c < "$f") && test -n "$s" || exit 1',
  String.raw`printf "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" "$s" "$n"`,
  'fi; rm -f "$f"',
].join("; ");

/** The settings that hold inside from the start, as lines of a configuration file. */
export function carriedConfig(settings: HostSettings, git: GitWorkspace): string {
  const { name, email } = identityOf(settings);
  const origin = originOf(settings);
  const isExtended = git.objectFormat !== "sha1" || isPartial(settings);
  const lines = [
    section("core", { repositoryformatversion: isExtended ? "1" : "0", bare: "false", logallrefupdates: "true" }),
    section("user", { name, email }),
  ];
  if (git.objectFormat !== "sha1") lines.push(section("extensions", { objectformat: git.objectFormat }));
  if (origin !== undefined) {
    lines.push(section('remote "origin"', { url: origin, fetch: "+refs/heads/*:refs/remotes/origin/*" }));
  }
  if (isPartial(settings)) {
    lines.push(section("extensions", { partialclone: "origin" }), section('remote "origin"', { promisor: "true" }));
  }
  for (const [key, value] of carriedValues(settings)) {
    const [group = "", name = ""] = key.split(".");
    lines.push(section(group, { [name]: value }));
  }
  const { branch } = git;
  const upstream = branch === undefined ? undefined : upstreamOf(settings, branch);
  if (branch !== undefined && upstream?.remote === "origin") {
    const shown = branch.replace(/^refs\/heads\//, "");
    lines.push(section(`branch ${quote(shown)}`, { remote: "origin", merge: upstream.merge }));
  }
  if (hasFilter(settings, "lfs")) {
    lines.push(section('filter "lfs"', { clean: lfsClean, smudge: "cat", required: "true" }));
  }
  return lines.join("");
}

/** Settings by name, for a call of git. */
export function carriedValues({ values }: HostSettings): [string, string][] {
  return Object.entries(carried).flatMap(([key, allowed]) => {
    const value = values.get(key);
    return value !== undefined && allowed.test(value) ? [[key, value] satisfies [string, string]] : [];
  });
}

/** Filters of the host that are programs which are not inside. */
export function missingFilters(settings: HostSettings): string[] {
  return filterNames(settings).filter((name) => name !== "lfs" && hasFilter(settings, name));
}

/** Every filter that a setting names. */
export function filterNames({ values }: HostSettings): string[] {
  const names = [...values.keys()].map((key) => /^filter\.(.*)\.(clean|smudge|process|required)$/s.exec(key)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/**
 * Filters without which a file must not be added, as git-crypt's: added without it, a secret would be in the open.
 */
export function requiredFilters(settings: HostSettings): string[] {
  const isRequired = (name: string) => truthy.test(settings.values.get(`filter.${name}.required`) ?? "");
  return missingFilters(settings).filter((name) => isRequired(name) && /^[\w.-]+$/.test(name));
}

/** Settings that make git refuse to add what passes one of these filters. */
export function refusingConfig(filters: readonly string[]): string {
  return filters
    .map((name) => {
      const clean = `echo the filter ${name} is not in this sandbox, so this file can only be committed on the host >&2; exit 1`;
      return section(`filter ${quote(name)}`, { clean, smudge: "cat", required: "true" });
    })
    .join("");
}

/** Whether the repository lacks objects that its origin has. */
export function isPartial({ values }: HostSettings): boolean {
  if (values.has("extensions.partialclone")) return true;
  return [...values].some(([key, value]) => /^remote\..*\.promisor$/s.test(key) && truthy.test(value));
}

export function upstreamOf({ values }: HostSettings, branch: string): { remote: string; merge: string } | undefined {
  const name = branch.replace(/^refs\/heads\//, "");
  const remote = values.get(`branch.${name}.remote`);
  const merge = values.get(`branch.${name}.merge`);
  if (remote === undefined || merge === undefined || !/^refs\/heads\/[^\s\0]+$/.test(merge)) return undefined;
  return { remote, merge };
}

function hasFilter({ values }: HostSettings, name: string): boolean {
  return ["clean", "process"].some((key) => (values.get(`filter.${name}.${key}`) ?? "") !== "");
}

export function section(name: string, values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${quote(value)}\n`);
  return `[${name}]\n${lines.join("")}`;
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`;
}
