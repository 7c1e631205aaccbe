import type { RunFiles } from "@glovebox/core";
import type { WithheldChange } from "./compose-workspace.ts";
import type { Cheat } from "./verification.ts";

const maxTextBytes = 1024 * 1024;

/** What of a package.json decides nothing about tests. */
const plainKeys: ReadonlySet<string> = new Set([
  "version",
  "description",
  "keywords",
  "author",
  "contributors",
  "license",
  "homepage",
  "bugs",
  "repository",
  "funding",
  "private",
  "files",
]);

const skipMarkers =
  /\.(?:skip|only|todo|skipIf|fails)\b|\bx(?:it|describe|test)\s*\(|\bxfail\b|\bskip(?:If|Unless|test)?\b|@(?:Ignore|Disabled)\b|#\[ignore|\bpending\b/g;

/** Says what a withheld change did; `undefined` for one that decides nothing, such as a package's description. */
export async function describeChange(files: RunFiles, withheld: WithheldChange): Promise<Cheat | undefined> {
  const { kind, change } = withheld;
  const say = (message: string): Cheat => ({ kind, path: change.path, message });
  if (change.change === "deleted") return say("was deleted");
  if (withheld.base === undefined) return say(`was added${addedWhy(kind)}`);
  if (change.kind !== withheld.base.entry.kind) return say(`was replaced by a ${change.kind}`);
  if (change.kind === "symlink") return say("leads elsewhere");
  if (change.sha256 === withheld.base.entry.sha256) {
    return say(`got the mode ${change.mode} instead of ${withheld.base.entry.mode}`);
  }
  if (change.size === 0) return say("was emptied");
  const before = await files.text(withheld.base, maxTextBytes);
  const after = await files.text({ entry: change, from: "result" }, maxTextBytes).catch(() => undefined);
  if (before === undefined || after === undefined) return say("was changed");
  if (kind === "package" && change.path.endsWith("package.json")) {
    const keys = changedKeys(before, after);
    return keys?.length === 0 ? undefined : say(keys === undefined ? "was changed" : `changed: ${keys.join(", ")}`);
  }
  const skips = (after.match(skipMarkers)?.length ?? 0) - (before.match(skipMarkers)?.length ?? 0);
  return say(kind === "test" && skips > 0 ? "was changed, and skips more than before" : "was changed");
}

function addedWhy(kind: string): string {
  if (kind === "cache") return ": it could hold a result from before";
  if (kind === "runner") return ": it could replace the test runner";
  if (kind === "preload") return ": it is loaded before the tests";
  return "";
}

/** `scripts.test`, `devDependencies.x`; empty if only plain keys differ, `undefined` if one of the two is no JSON object. */
function changedKeys(before: string, after: string): readonly string[] | undefined {
  const [one, other] = [parseObject(before), parseObject(after)];
  if (one === undefined || other === undefined) return undefined;
  return differing(one, other)
    .filter((key) => !plainKeys.has(key))
    .flatMap((key) => {
      const [a, b] = [one[key], other[key]];
      return isObject(a) && isObject(b) ? differing(a, b).map((name) => `${key}.${name}`) : [key];
    })
    .slice(0, 10);
}

function differing(one: Record<string, unknown>, other: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // No JSON: whatever it is, it was changed.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
