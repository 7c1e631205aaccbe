import { randomUUID } from "node:crypto";
import { type PrepareOptions, type PrepareProgress, SandboxError, Secret } from "@glovebox/core/provider";
import pLimit from "p-limit";
import { ApiError, toApiError } from "../api-error.ts";
import type { PendingWork } from "../sandboxes/pending-work.ts";
import { BuildLog } from "./build-log.ts";
import type { BuildRequest } from "./build-request.ts";
import { baseTemplate, isBaseImage } from "./built-in-template.ts";
import { stepOf, writeDockerfile } from "./dockerfile.ts";
import type { BuildSource, TemplateRecord } from "./template-record.ts";
import type { TemplateStore } from "./template-store.ts";

const buildsAtOnce = 2;
/** The number of builds whose logs are kept. */
const mostLogs = 50;

/** Builds templates, and keeps the logs of the builds. */
export class TemplateBuilder {
  readonly #store: TemplateStore;
  readonly #limitBuilds = pLimit(buildsAtOnce);
  /** By build, the oldest first. */
  readonly #logs = new Map<string, BuildLog>();
  readonly #work: PendingWork;

  constructor(store: TemplateStore, work: PendingWork) {
    this.#store = store;
    this.#work = work;
  }

  /** Starts a build and resolves once it is accepted. Throws an {@link ApiError} for what cannot be built. */
  async start(record: TemplateRecord, buildId: string, request: BuildRequest): Promise<void> {
    const source = await this.#sourceOf(request);
    const options: PrepareOptions = { ...registryLogin(request), ...(request.force === true && { rebuild: true }) };
    if (this.#logs.has(buildId)) throw new ApiError(400, "The build was started before");
    const log = this.#newLog(buildId);
    await this.#store.change(record.templateId, buildId, { status: "building" });
    this.#work.start(
      () => this.#limitBuilds(() => this.#build(record.templateId, buildId, source, options, log)),
      // The next gateway finds a build without an end and calls it failed.
      () => {},
    );
  }

  /** What a build has said; empty for one of long ago, or of an earlier gateway. */
  log(buildId: string): BuildLog {
    return this.#logs.get(buildId) ?? new BuildLog();
  }

  #newLog(buildId: string): BuildLog {
    const log = new BuildLog();
    this.#logs.set(buildId, log);
    const [oldest] = this.#logs.keys();
    if (oldest !== undefined && this.#logs.size > mostLogs) this.#logs.delete(oldest);
    return log;
  }

  async #sourceOf(request: BuildRequest): Promise<BuildSource> {
    const from = this.#from(request);
    for (const { filesHash } of request.steps) {
      if (filesHash !== undefined && !(await this.#store.uploads.has(filesHash))) {
        throw new ApiError(400, `The files of a COPY step were not uploaded (${filesHash})`);
      }
    }
    const forceKey = randomUUID();
    const envd = { file: "envd.js", path: "/envd.js" };
    const options = { from: "scratch", isReady: true, steps: request.steps, forceKey, envd };
    const { context } = writeDockerfile({ ...options, start: this.#store.images.startContext(from) });
    const { startCmd = context.startCmd, readyCmd = context.readyCmd } = request;
    return {
      from,
      steps: request.steps,
      forceKey,
      context: {
        ...context,
        ...(startCmd !== undefined && startCmd !== "" && { startCmd }),
        ...(readyCmd !== undefined && readyCmd !== "" && { readyCmd }),
      },
    };
  }

  #from({ fromImage = "", fromTemplate = "" }: BuildRequest): BuildSource["from"] {
    if ((fromImage === "") === (fromTemplate === "")) {
      throw new ApiError(400, "Exactly one of fromImage and fromTemplate must be given");
    }
    if (isBaseImage(fromImage)) return { kind: "built-in", reference: baseTemplate };
    if (fromImage !== "") {
      if (/^[A-Za-z0-9][\w.:/@-]*$/.test(fromImage)) return { kind: "image", reference: fromImage };
      throw new ApiError(400, `Not an image's name: ${JSON.stringify(fromImage.slice(0, 200))}`);
    }
    const builtIn = this.#store.find(fromTemplate) === undefined ? this.#store.builtIn(fromTemplate) : undefined;
    if (builtIn !== undefined) return { kind: "built-in", reference: builtIn.name };
    return { kind: "build", reference: this.#store.tagged(fromTemplate).build.buildId };
  }

  /** What goes wrong is the build's result. */
  async #build(
    templateId: string,
    buildId: string,
    source: BuildSource,
    options: PrepareOptions,
    log: BuildLog,
  ): Promise<void> {
    const reporter = new StepReporter(source, log);
    log.add("info", `[base] FROM ${source.from.reference}`, "base");
    try {
      await this.#store.images.make(source, {
        signal: this.#work.closing,
        onProgress: (progress) => reporter.report(progress),
        ...options,
      });
      log.add("info", "[finalize] The template is ready", "finalize");
      const finishedAt = new Date().toISOString();
      await this.#store.change(templateId, buildId, { status: "ready", finishedAt, source });
    } catch (error) {
      const message = reporter.explain(error);
      const { step } = reporter;
      log.add("error", message, step);
      const failure = { message, step };
      await this.#store.change(templateId, buildId, { status: "error", finishedAt: new Date().toISOString(), failure });
    }
  }
}

/** Kept nowhere: an image that was pulled once is there. */
function registryLogin({ fromImageRegistry: registry }: BuildRequest): Pick<PrepareOptions, "registryLogin"> {
  if (registry === undefined) return {};
  if (registry.type !== "registry") {
    throw new ApiError(400, `Credentials of ${registry.type} are not supported: give a user and a password`);
  }
  const { username, password } = registry;
  return { registryLogin: { username, password: new Secret("fromImageRegistry", password) } };
}

/** Reports a client's own build steps, from the output of the provider's builder about the image's. */
class StepReporter {
  readonly #source: BuildSource;
  readonly #log: BuildLog;
  #current: number | undefined;

  constructor(source: BuildSource, log: BuildLog) {
    this.#source = source;
    this.#log = log;
  }

  /** The step at which the build is, as E2B counts: after the base, from 1. */
  get step(): string {
    return this.#current === undefined ? "base" : String(this.#current + 1);
  }

  report({ message, output }: PrepareProgress): void {
    const index = stepOf(message);
    const step = index === undefined ? undefined : this.#source.steps[index];
    if (index === undefined || step === undefined) {
      this.#log.add("debug", `[base] ${output ?? message}`, "base");
      return;
    }
    const prefix = `[builder ${index + 1}/${this.#source.steps.length}]`;
    if (index !== this.#current) {
      this.#current = index;
      this.#log.add("info", `${prefix} ${step.type.toUpperCase()} ${step.args.join(" ").trim()}`, this.step);
    }
    // Of a line that a program has written over and over, the last is what a terminal shows.
    const line = output?.split("\r").findLast((part) => part !== "");
    if (line !== undefined) this.#log.add("info", `${prefix} [stdout]: ${line}`, this.step);
  }

  /** The message for a client about a failed build. */
  explain(error: unknown): string {
    // Clients must not see the gateway's paths.
    const withoutPaths = (text: string): string => text.replaceAll(/(of )?\S+\/build-\w+\/Dockerfile/g, "the template");
    const message = withoutPaths(toApiError(error).message);
    if (!SandboxError.isInstance(error) || error.code !== "template") return message;
    const failed = stepOf(message);
    if (failed !== undefined) this.#current = failed;
    const step = failed === undefined ? undefined : this.#source.steps[failed];
    const [, exitCode, output = ""] = /exit code: (\d+)[^\n]*\n?([\s\S]*)$/.exec(error.message) ?? [];
    if (step === undefined) return message;
    const what =
      step.type.toUpperCase() === "RUN"
        ? `failed to run command '${step.args[0]}'`
        : `failed to execute ${step.type} ${step.args.join(" ")}`;
    const [, unknown] = /unable to find user (\S+): no matching entries/.exec(error.message) ?? [];
    // The message of E2B's own envd, which runs the steps there.
    if (unknown !== undefined) return `${what}: command failed: unauthenticated: invalid username: '${unknown}'`;
    if (exitCode === undefined) return `${what}: ${withoutPaths(error.message)}`;
    return `${what}: exit status ${exitCode}${output === "" ? "" : `\n${output}`}`;
  }
}
