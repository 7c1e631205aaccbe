import { homedir } from "node:os";
import { resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { badTreePath } from "../tree/tree-path.ts";
import type { SourceSpec } from "./source-spec.ts";
import { withoutCredentials } from "./without-credentials.ts";

const forms =
  "Write github:owner/repository, a git URL (https, ssh or file), an archive (.tar, .tar.gz, .tgz, .zip) or a directory; " +
  "#ref:directory may follow, NAME= may come first.";

/**
 * Reads a source as people write it: `[NAME=]LOCATION[#[REF][:DIRECTORY]]`, such as
 * `team=https://git.example.com/team/catalog.git#v2:components`. Relative paths are taken from `cwd`.
 */
export function parseSource(text: string, cwd: string): SourceSpec {
  const [, chosenName, rest = ""] = /^(?:([A-Za-z][A-Za-z0-9._-]*)=)?(.*)$/s.exec(text) ?? [];
  const [, location = "", suffix] = /^([^#]*)(?:#(.*))?$/s.exec(rest) ?? [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (location === "" || /[\u0000-\u001f]/.test(rest)) throw refused(text);
  // It would be an argument of git, which every user of this machine can read.
  if (/^[a-z+]+:\/\/([^/@]*:[^/@]*|(gh[a-z]|github_pat|glpat|glt)[_-][^/@]*)@/i.test(location))
    throw new InvalidOptionsError(`A source is named without a password: ${withoutCredentials(location)}`, {
      hint: "git asks its credential helper; a private archive is downloaded first and named as a file.",
    });
  const [ref = "", path = ""] = splitOnce(suffix ?? "", ":");
  const place = locate(location, cwd);
  if (place === undefined || ref.startsWith("-")) throw refused(text);
  if (ref !== "" && place.kind !== "github" && place.kind !== "git")
    throw new InvalidOptionsError(`A ${place.kind} has no branches or tags: ${text}`, {
      hint: "Name a directory in it with #:directory.",
    });
  const directory = path.replace(/^(\.\/)+|\/+$/g, "");
  if (directory !== "" && badTreePath(directory) !== undefined)
    throw new InvalidOptionsError(`The directory in a source is a plain relative path, not ${JSON.stringify(path)}`);
  return {
    name: chosenName ?? sourceName(place.location),
    ...place,
    ...(ref === "" ? {} : { ref }),
    ...(directory === "" ? {} : { path: directory }),
  };
}

function locate(text: string, cwd: string): Pick<SourceSpec, "kind" | "location"> | undefined {
  const repository = /^(?:github:|https:\/\/github\.com\/)([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(text)?.[1];
  if (repository !== undefined) return repository.includes("..") ? undefined : { kind: "github", location: repository };
  const isArchive = /\.(tar|tar\.gz|tgz|zip)$/i.test(text.replace(/\?.*$/, ""));
  if (/^https?:\/\//.test(text) && isArchive) return { kind: "archive", location: text };
  const git = text.replace(/^git\+/, "");
  if (/^(https|ssh|file):\/\/[^-]/.test(git)) return { kind: "git", location: git };
  if (/^[\w.-]+@[\w.-]+:[^-]/.test(git)) return { kind: "git", location: git };
  // Every other scheme (git's ext:: among them, which runs programs) is refused; so is what reads as an option.
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith("-")) return undefined;
  const path = resolve(cwd, text.replace(/^~(?=\/|$)/, homedir()));
  return { kind: isArchive ? "archive" : "directory", location: path };
}

function sourceName(location: string): string {
  const last = location.split(/[/:\\]/).findLast((part) => part !== "") ?? "source";
  const plain = last.replace(/\.(git|tar|tar\.gz|tgz|zip)$/i, "").replace(/[^A-Za-z0-9._-]+/g, "-");
  return /^[A-Za-z]/.test(plain) ? plain : `source-${plain}`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function refused(text: string): InvalidOptionsError {
  return new InvalidOptionsError(`This is no source of components: ${JSON.stringify(withoutCredentials(text))}`, {
    hint: forms,
  });
}
