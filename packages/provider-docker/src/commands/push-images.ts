import { resolve } from "node:path";
import type { CommandContext } from "@glovebox/core/plugin";
import {
  InvalidOptionsError,
  type PrepareProgress,
  type TemplateBase,
  type TemplateSpec,
} from "@glovebox/core/provider";
import { ImageRepository, type PublishedImage, publishTemplate, publishTools } from "@glovebox/image-builder";
import { parseDockerSettings } from "../docker-settings.ts";
import { DockerImageEngine } from "../image/docker-image-engine.ts";
import { engineOf } from "./command-engine.ts";

export interface PushImageOptions {
  readonly image?: string;
  readonly dockerfile?: string;
  readonly buildArg?: readonly string[];
  readonly json?: boolean;
}

/** `glovebox image push`. */
export async function pushImages(
  repository: string | undefined,
  options: PushImageOptions,
  context: CommandContext,
): Promise<number> {
  const images = await repositoryOf(repository ?? context.env.GLOVEBOX_REGISTRY, context);
  const spec: TemplateSpec = { base: baseOf(options, context), layers: [(await context.loadHarness()).template()] };
  const { host: _, runtime: __, ...settings } = parseDockerSettings(await context.settingsOf("docker").read());
  const progress = context.createProgress();
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  using _interrupts = context.listenForInterrupts({ first: stop, second: stop });
  const { signal } = stopping;
  let last = "";
  const onProgress = (step: PrepareProgress) => {
    // A log gets a line for each step; a terminal shows how far it is.
    const line = context.stderr.isTTY ? lineOf(step) : step.message;
    if (line !== last) progress.say(line);
    last = line;
  };
  try {
    const call = { ...settings, owner: context.owner, onProgress, signal };
    const sandbox = await publishTemplate(images, spec, call);
    progress.stop();
    print("sandbox", sandbox, options, context);
    const tools = await publishTools(images, spec.layers, call);
    progress.stop();
    print("tools", tools, options, context);
    return 0;
  } finally {
    progress.stop();
  }
}

async function repositoryOf(repository: string | undefined, context: CommandContext): Promise<ImageRepository> {
  if (!repository) {
    throw new InvalidOptionsError("No repository was named", {
      hint: "Name one, as in `glovebox image push registry.example/team/glovebox`, or set GLOVEBOX_REGISTRY.",
    });
  }
  const options = { repository, env: context.env };
  // Refuses a wrong name before an engine is looked for.
  new ImageRepository({ ...options, engine: async () => new DockerImageEngine(await engineOf(context)) });
  const engine = await engineOf(context);
  const { Arch: architecture } = await engine.version();
  return new ImageRepository({ ...options, architecture, engine: async () => new DockerImageEngine(engine) });
}

function baseOf({ image, dockerfile, buildArg = [] }: PushImageOptions, { cwd }: CommandContext): TemplateBase {
  if (image !== undefined && dockerfile !== undefined)
    throw new InvalidOptionsError("Pass --image or --dockerfile, not both of them");
  if (buildArg.length > 0 && dockerfile === undefined)
    throw new InvalidOptionsError("--build-arg requires --dockerfile");
  if (image !== undefined) return { kind: "image", reference: image };
  if (dockerfile === undefined) return { kind: "default" };
  return { kind: "dockerfile", path: resolve(cwd, dockerfile), buildArgs: Object.fromEntries(buildArg.map(pairOf)) };
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new InvalidOptionsError(`Invalid --build-arg: ${text}`, { hint: "Write it as KEY=VALUE." });
}

function lineOf({ message, output, done, total }: PrepareProgress): string {
  if (output !== undefined) return `${message}: ${output}`;
  return done === undefined || total === undefined ? message : `${message} (${done} of ${total} layers)`;
}

function print(
  kind: "sandbox" | "tools",
  { reference, tag, reused }: PublishedImage,
  { json }: PushImageOptions,
  { stdout }: CommandContext,
): void {
  if (json) stdout.json({ kind, reference, tag, reused });
  else stdout.line(`${reference} ${reused ? "was there" : "was pushed"} (${kind})`);
}
