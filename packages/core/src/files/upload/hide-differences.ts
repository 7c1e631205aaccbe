import { SandboxError } from "../../errors/index.ts";
import { exec } from "../../exec/exec.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import { safeName } from "../../text/safe-name.ts";
import {
  carriedValues,
  filterNames,
  missingFilters,
  refusingConfig,
  requiredFilters,
} from "../git/carried-settings.ts";
import { hostGit } from "../git/host-git.ts";
import type { HostSettings } from "../git/host-settings.ts";
import { maxListBytes } from "../git/max-list-bytes.ts";

export interface HideDifferencesOptions {
  readonly workspace: string;
  readonly settings: HostSettings;
  /** What git inside takes for changed. */
  readonly changed: readonly Buffer[];
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

const timeoutMs = 60_000;
const mostNamed = 10;

/** Marks files so that git inside neither compares nor commits them, and then adds settings. */
const hide = `
f=$(mktemp); cat > "$f"
g() { git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c safe.directory='*' "$@"; }
g update-index -z --assume-unchanged --stdin < "$f" && g update-index -z --skip-worktree --stdin < "$f"
e=$?; rm -f "$f"; printf %s "$1" >> .git/config; exit $e
`;

/**
 * What is clean on the host and looks changed inside would be committed as the agent's work: a file that passes a filter
 * which is not inside, or one that could not go in. Git inside leaves such files alone, and they are named.
 */
export async function hideDifferences(sandbox: Sandbox, options: HideDifferencesOptions): Promise<void> {
  const { changed, settings, signal } = options;
  const hasFilters = missingFilters(settings).length > 0;
  if (changed.length === 0 && !hasFilters) return;
  const [changedHere, filtered] = await Promise.all([
    changed.length === 0 ? undefined : listChanged(options),
    hasFilters ? listFiltered(sandbox, options) : { any: new Set<string>(), required: new Set<string>() },
  ]);
  const different = new Set(filtered.required);
  for (const path of changed) {
    const key = path.toString("latin1");
    if (filtered.any.has(key) || changedHere?.has(key) === false) different.add(key);
  }
  const refusing = refusingConfig(requiredFilters(settings));
  if (different.size === 0 && refusing === "") return;
  const input = Buffer.from([...different].map((path) => `${path}\0`).join(""), "latin1");
  const hidden = await exec(sandbox, ["sh", "-c", hide, "sh", refusing], { timeoutMs, input, signal });
  if (hidden.exitCode !== 0) {
    throw new SandboxError("process", `git failed in the sandbox: ${hidden.stderr.trim() || hidden.reason}`);
  }
  if (different.size === 0) return;
  const names = [...different]
    .slice(0, mostNamed)
    .map((path) => safeName(Buffer.from(path, "latin1").toString("utf8")));
  const more = different.size > mostNamed ? `, and ${different.size - mostNamed} more` : "";
  options.onWarning?.(
    "git-settings",
    `Git inside leaves alone what it would see otherwise than git here: ${names.join(", ")}${more}. Changes to these files come back as files, and in no commit`,
  );
}

/** What git on the host takes for changed, by what it remembers of the files. `undefined` when it cannot be asked safely. */
async function listChanged({ workspace, settings, signal }: HideDifferencesOptions): Promise<Set<string> | undefined> {
  const names = filterNames(settings);
  if (names.some((name) => /[=\n\0]/.test(name))) return undefined;
  // To compare a file that changed as the index was written, git would run its filter.
  const off = names.flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ]);
  const values = [...carriedValues(settings).map(([key, value]) => `${key}=${value}`), ...off];
  // In a submodule git would start itself, under settings of the submodule's.
  const diff = ["diff-files", "--name-only", "-z", "--ignore-submodules=all"];
  const args = [...values.flatMap((value) => ["-c", value]), ...diff];
  const { exitCode, stdout } = await hostGit(args, { cwd: workspace, readsWorkTree: true, signal });
  return exitCode === 0 ? new Set(stdout.toString("latin1").split("\0")) : undefined;
}

/** Files that pass a filter which is not inside; git would fail to look at those of a required one. */
async function listFiltered(sandbox: Sandbox, { settings, signal }: HideDifferencesOptions) {
  const missing = new Set(missingFilters(settings));
  const blocked = requiredFilters(settings);
  const list = "git -c safe.directory='*' ls-files -z | git -c safe.directory='*' check-attr -z --stdin filter";
  const options = { timeoutMs, maxBytes: maxListBytes, encoding: "buffer", signal } as const;
  const { stdout, stdoutTruncated } = await exec(sandbox, ["sh", "-c", list], options);
  if (stdoutTruncated) throw new SandboxError("process", `git lists more than ${maxListBytes} bytes of names`);
  const fields = stdout.toString("latin1").split("\0");
  const [any, required] = [new Set<string>(), new Set<string>()];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = "", , filter = ""] = fields.slice(at, at + 3);
    if (missing.has(filter)) any.add(path);
    if (blocked.includes(filter)) required.add(path);
  }
  return { any, required };
}
