import { posix } from "node:path";
import { ApiError } from "../api-error.ts";
import type { BuildStep } from "./build-request.ts";
import { expandVariables } from "./expand-variables.ts";
import type { TemplateContext } from "./template-context.ts";

/** A template's steps as a Dockerfile. */
export interface TemplateDockerfile {
  readonly text: string;
  /** What the steps leave beside files. */
  readonly context: TemplateContext;
  /** The uploaded archives that it copies from, as `files/HASH.tar`. */
  readonly filesHashes: readonly string[];
}

export interface DockerfileOptions {
  /** The image to start from, by a name that the provider's builds know. */
  readonly from: string;
  /** Whether the image was made by this gateway, so that it has the user and the tools already. */
  readonly isReady: boolean;
  readonly start: TemplateContext;
  readonly steps: readonly BuildStep[];
  /** Where the source of a COPY step points that is itself a symbolic link, by the step's index: a builder would follow it. */
  readonly links?: ReadonlyMap<number, string>;
  /** Makes what comes after a step with `force` another build than all before: a value used once. */
  readonly forceKey: string;
  /** Envd's file in the build context, and its place in the image. */
  readonly envd: { readonly file: string; readonly path: string };
}

const ownDirectory = "/opt/glovebox-e2b";

/**
 * Writes the Dockerfile of a template. Each step has a mark that {@link stepOf} finds in the builder's output: nothing else
 * shows to which of the client's steps a line belongs. Throws an {@link ApiError} of 400 for a step that cannot be read.
 */
export function writeDockerfile(options: DockerfileOptions): TemplateDockerfile {
  const { from, isReady, start, steps, links, forceKey, envd } = options;
  const writer = new StepWriter(start, forceKey, links);
  for (const [index, step] of steps.entries()) writer.write(step, index);
  const provision = [`COPY provision.sh ${ownDirectory}/`, `RUN ${json(["/bin/sh", `${ownDirectory}/provision.sh`])}`];
  const lines = [
    ...writer.stages,
    `FROM ${from}`,
    "USER root",
    ...(isReady ? [] : provision),
    `USER ${start.user}`,
    `WORKDIR ${start.workdir}`,
    ...writer.lines,
    "USER root",
    "WORKDIR /",
    `COPY ${envd.file} ${envd.path}`,
  ];
  return { text: `${lines.join("\n")}\n`, context: writer.context, filesHashes: [...writer.filesHashes] };
}

/** The index of the step that a line of the builder's output is about. */
export function stepOf(text: string): number | undefined {
  const mark = /E2B_BUILD_STEP=(\d+)|\be2b-step-(\d+)/.exec(text);
  return mark === null ? undefined : Number(mark[1] ?? mark[2]);
}

class StepWriter {
  readonly stages: string[] = [];
  readonly lines: string[] = [];
  readonly filesHashes = new Set<string>();
  context: TemplateContext;
  readonly #forceKey: string;
  readonly #links: ReadonlyMap<number, string>;
  #isForced = false;

  constructor(start: TemplateContext, forceKey: string, links: ReadonlyMap<number, string> = new Map()) {
    this.#links = links;
    this.context = start;
    this.#forceKey = forceKey;
  }

  write(step: BuildStep, index: number): void {
    if (step.force === true && !this.#isForced) {
      this.#isForced = true;
      // A value of a build argument is part of what the cache knows a later RUN by.
      this.lines.push(`ARG E2B_BUILD_FORCE=${this.#forceKey}`);
    }
    const [first, second = "", third = "", fourth = ""] = step.args;
    if (first === undefined) throw new ApiError(400, `${step.type} needs an argument`);
    const kind = step.type.toUpperCase();
    if (kind === "RUN") this.#run(first, second, index);
    else if (kind === "COPY" || kind === "ADD") this.#copy(first, second, third, fourth, step.filesHash, index);
    else if (kind === "ENV" || kind === "ARG") this.#env(step.args);
    else if (kind === "WORKDIR") this.#workdir(first, index);
    else if (kind === "USER") this.#user(first, second === "true", index);
    else throw new ApiError(400, `Steps of the type ${step.type} are not supported`);
  }

  #run(command: string, user: string, index: number): void {
    const as = user === "" ? this.context.user : readUser(user);
    this.#exec(as, index, ["/bin/bash", "-l", "-c", command]);
  }

  /** What was uploaded is unpacked by the builder, in a stage of its own that leaves nothing in the image. */
  #copy(source: string, target: string, owner: string, mode: string, hash: string | undefined, index: number): void {
    if (hash === undefined || target === "") throw new ApiError(400, "COPY needs a source, a target and a files hash");
    const by = readUser(owner === "" ? this.context.user : owner, true);
    const link = this.#links.get(index);
    if (link !== undefined) {
      this.#link(link, posix.basename(source), target, by, index);
      return;
    }
    this.filesHashes.add(hash);
    this.stages.push(`FROM scratch AS e2b-step-${index}`, `ADD files/${hash}.tar /`);
    const flags = [`--from=e2b-step-${index}`, `--chown=${by.includes(":") ? by : `${by}:${by}`}`];
    if (mode !== "") flags.push(`--chmod=${readMode(mode)}`);
    this.lines.push(`COPY ${flags.join(" ")} ${json([posix.join("/", withoutPattern(source)), target])}`);
  }

  /** Lies where a file would be copied to. */
  #link(points: string, name: string, target: string, owner: string, index: number): void {
    const place = posix.resolve(this.context.workdir, target);
    const script = [
      'at=$2; case $5 in */) at=$at/$3;; *) if [ -d "$at" ] && [ ! -L "$at" ]; then at=$at/$3; fi;; esac',
      'mkdir -p "$(dirname "$at")" && ln -sfn -- "$1" "$at" && chown -h "$4" "$at"',
    ].join("; ");
    this.#exec("root", index, ["/bin/sh", "-c", script, "sh", points, place, name, owner, target]);
  }

  #env(args: readonly string[]): void {
    if (args.length % 2 !== 0) throw new ApiError(400, "ENV needs names and values");
    const added: Record<string, string> = {};
    for (let at = 0; at < args.length; at += 2) {
      const [name = "", value = ""] = args.slice(at, at + 2);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new ApiError(400, `${JSON.stringify(name)} is not a variable`);
      added[name] = expandVariables(value, this.context);
    }
    this.context = { ...this.context, envVars: { ...this.context.envVars, ...added } };
  }

  #workdir(path: string, index: number): void {
    const workdir = posix.resolve(this.context.workdir, expandVariables(path, this.context));
    const script = '[ -d "$1" ] || { mkdir -p "$1" && chown "$2" "$1"; }';
    this.#exec("root", index, ["/bin/sh", "-c", script, "sh", workdir, this.context.user]);
    this.lines.push(`WORKDIR ${quote(workdir)}`);
    this.context = { ...this.context, workdir };
  }

  /** A user that the image does not have is made. */
  #user(name: string, mayBecomeRoot: boolean, index: number): void {
    const user = readUser(name);
    const make = 'id -u "$1" > /dev/null 2>&1 || useradd -m -s /bin/bash "$1"';
    const allow = 'echo "$1 ALL=(ALL:ALL) NOPASSWD: ALL" > "/etc/sudoers.d/$1" && chmod 440 "/etc/sudoers.d/$1"';
    const script = mayBecomeRoot ? `{ ${make}; } && ${allow}` : make;
    this.#exec("root", index, ["/bin/sh", "-c", script, "sh", user]);
    this.lines.push(`USER ${user}`);
    this.context = { ...this.context, user };
  }

  /** The steps' variables are given here and not by ENV: in this form nothing reads them, whatever they hold. */
  #exec(user: string, index: number, command: readonly string[]): void {
    const variables = Object.entries(this.context.envVars).map(([name, value]) => `${name}=${value}`);
    const run = `RUN ${json(["/usr/bin/env", `E2B_BUILD_STEP=${index}`, `USER=${user}`, ...variables, ...command])}`;
    if (user === this.context.user) this.lines.push(run);
    else this.lines.push(`USER ${user}`, run, `USER ${this.context.user}`);
  }
}

/** The part of a source before its first pattern, as E2B takes it: what a pattern names is all that was uploaded. */
function withoutPattern(source: string): string {
  const parts = source.split("/");
  const end = parts.findIndex((part) => /[*?[{]/.test(part));
  return (end === -1 ? parts : parts.slice(0, end)).join("/");
}

function readUser(user: string, withGroup = false): string {
  const name = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}";
  if (new RegExp(withGroup ? `^${name}(:${name})?$` : `^${name}$`).test(user)) return user;
  throw new ApiError(400, `${JSON.stringify(user.slice(0, 80))} is not a user`);
}

function readMode(mode: string): string {
  if (/^[0-7]{3,5}$/.test(mode)) return mode;
  throw new ApiError(400, `${JSON.stringify(mode.slice(0, 80))} is not a mode in octal`);
}

/** An instruction's exec form: no shell and no builder reads anything in it. */
function json(words: readonly string[]): string {
  return JSON.stringify(words);
}

/** A value that a Dockerfile takes as it is. */
function quote(value: string): string {
  if (/[\r\n]/.test(value))
    throw new ApiError(400, "A directory whose name holds a line end cannot be part of a template");
  return `"${value.replace(/[\\"$]/g, "\\$&")}"`;
}
