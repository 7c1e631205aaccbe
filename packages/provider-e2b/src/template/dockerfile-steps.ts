import { posix } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { DockerfileInstruction } from "@glovebox/image-builder/description";

/** A step of a template, in the order of the Dockerfile. */
export type TemplateStep =
  | { readonly kind: "run"; readonly command: string }
  | {
      readonly kind: "copy";
      readonly sources: readonly string[];
      readonly target: string;
      readonly user?: string;
      readonly mode?: number;
    }
  | { readonly kind: "env"; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: "user"; readonly name: string }
  | { readonly kind: "workdir"; readonly path: string };

/** A Dockerfile as E2B builds it. */
export interface DockerfileSteps {
  /** The image of its `FROM`; `undefined` for Glovebox's own, which is E2B's base on E2B. */
  readonly image: string | undefined;
  readonly steps: readonly TemplateStep[];
}

/** What concerns how a container starts, which a sandbox does not use. */
const ignored = new Set(["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "STOPSIGNAL", "VOLUME"]);

/** Reads a Dockerfile with one stage. Throws `invalid-options` for an instruction that E2B has no step for. */
export function dockerfileSteps(
  instructions: readonly DockerfileInstruction[],
  buildArgs: Readonly<Record<string, string>>,
  baseArgument: string,
): DockerfileSteps {
  const args: Record<string, string> = {};
  const steps: TemplateStep[] = [];
  let image: string | undefined;
  let stages = 0;
  for (const instruction of instructions) {
    const { keyword, rest } = instruction;
    if (keyword === "FROM") {
      if (++stages > 1) throw unsupported("a second stage");
      if (/^\$(GLOVEBOX_BASE|\{GLOVEBOX_BASE\})$/.test(rest)) continue;
      image = rest.replace(/\$\{?(\w+)\}?/g, (_, name: string) => args[name] ?? "").split(/\s+/)[0];
      if (image === undefined || image === "" || rest.startsWith("--")) throw unsupported(`FROM ${rest}`);
    } else if (keyword === "ARG") {
      const [, name = "", value = ""] = /^(\w+)(?:=["']?([^"']*)["']?)?/.exec(rest) ?? [];
      if (name === baseArgument && stages === 0) continue;
      args[name] = buildArgs[name] ?? value;
      if (stages > 0) steps.push({ kind: "env", variables: { [name]: args[name] } });
    } else if (!ignored.has(keyword)) steps.push(stepOf(instruction));
  }
  if (stages === 0) throw unsupported("a file without FROM");
  return { image, steps };
}

function stepOf({ keyword, rest }: DockerfileInstruction): TemplateStep {
  if (keyword === "RUN") return runStep(rest);
  if (keyword === "COPY" || keyword === "ADD") return copyStep(keyword, rest);
  if (keyword === "ENV") return { kind: "env", variables: variablesOf(rest) };
  if (keyword === "USER") return { kind: "user", name: rest };
  if (keyword === "WORKDIR") return { kind: "workdir", path: unquoted(rest) };
  throw unsupported(keyword);
}

function runStep(rest: string): TemplateStep {
  if (rest.startsWith("--")) throw unsupported(`RUN ${rest.split(/\s/)[0]}`);
  if (/<<-?["']?\w+["']?/.test(rest)) throw unsupported("a here-document");
  const argv = jsonWords(rest);
  // A shell that runs one command needs no second one around it.
  if (argv?.length === 3 && /^(\/bin\/)?(ba)?sh$/.test(argv[0] ?? "") && argv[1] === "-c") {
    return { kind: "run", command: argv[2] ?? "" };
  }
  return { kind: "run", command: argv === undefined ? rest : argv.map(quoted).join(" ") };
}

function copyStep(keyword: string, rest: string): TemplateStep {
  let words = rest;
  const flags: Record<string, string> = {};
  for (let flag = /^--(\w+)=(\S+)\s+/.exec(words); flag !== null; flag = /^--(\w+)=(\S+)\s+/.exec(words)) {
    flags[flag[1] ?? ""] = flag[2] ?? "";
    words = words.slice(flag[0].length);
  }
  const { chown, chmod, ...others } = flags;
  const other = Object.keys(others)[0];
  if (other !== undefined || words.startsWith("--")) throw unsupported(`${keyword} --${other ?? words.slice(2)}`);
  const paths = jsonWords(words) ?? words.split(/\s+/);
  const sources = paths.slice(0, -1);
  const target = paths.at(-1) ?? "";
  if (sources.length === 0) throw unsupported(`${keyword} ${rest}`);
  if (keyword === "ADD" && sources.some((source) => /:\/\/|\.(tar|tgz|tar\.\w+)$/.test(source)))
    throw unsupported(`ADD ${rest}`);
  if (chmod !== undefined && !/^[0-7]{3,4}$/.test(chmod)) throw unsupported(`${keyword} --chmod=${chmod}`);
  return {
    kind: "copy",
    sources: sources.map((source) => inContext(keyword, source)),
    target,
    ...(chown === undefined ? {} : { user: chown }),
    ...(chmod === undefined ? {} : { mode: Number.parseInt(chmod, 8) }),
  };
}

/**
 * A path of the build context, as Docker reads it: its top is where `/` and `..` end. E2B's SDK would expand more than a Dockerfile
 * has, to paths out of the context too.
 */
function inContext(keyword: string, source: string): string {
  if (/[{}\\]|[!?+*@]\(/.test(source)) throw unsupported(`${keyword} ${source}`);
  return posix.join("/", source).slice(1) || ".";
}

/** `ENV A=b C="d e"`, or the old form `ENV A b c`. */
function variablesOf(rest: string): Record<string, string> {
  const old = /^(\w+)\s+([^=].*)$/.exec(rest);
  if (old !== null) return { [old[1] ?? ""]: unquoted(old[2] ?? "") };
  const found: Record<string, string> = {};
  for (const [, name = "", value = ""] of rest.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/g)) {
    found[name] = unquoted(value);
  }
  return found;
}

function unquoted(text: string): string {
  if (/^'.*'$/.test(text)) return text.slice(1, -1);
  // An escaped dollar stays one for E2B, which replaces variables too.
  const inner = /^".*"$/s.test(text) ? text.slice(1, -1) : text;
  return inner.replace(/\\([^$])/g, "$1");
}

function jsonWords(text: string): readonly string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    // As with Docker, what is not JSON is a command.
    return undefined;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function unsupported(what: string): InvalidOptionsError {
  return new InvalidOptionsError(`E2B cannot build ${what} of a Dockerfile`, {
    providerId: "e2b",
    hint: "Use FROM once, RUN, COPY, ENV, ARG, USER and WORKDIR; copy files of the build context only.",
  });
}
