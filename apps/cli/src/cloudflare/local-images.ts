import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TemplateLayer } from "@glovebox/core/provider";
import { prepareTemplate } from "@glovebox/provider-docker";
import type Docker from "dockerode";
import { readManifest, sha256 } from "./project-manifest.ts";
import { nameForSession, removeEndedSessions, removeSession } from "./session-images.ts";
import type { WorkerProject } from "./worker-project.ts";

/** Images that a project's containers start from, on the local engine, for one session. */
export interface LocalImages extends AsyncDisposable {
  /** Gives the image of a Dockerfile, by its text, one more name for this session. */
  readonly name: (reference: string, dockerfile: string) => Promise<void>;
}

export interface LocalImagesOptions {
  readonly engine: Docker;
  readonly project: WorkerProject;
  readonly harness: TemplateLayer;
  readonly consent: () => Promise<boolean>;
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Builds the images of a project through the engine's API. A Dockerfile that nobody changed makes the same image as the
 * Docker provider's own, which is there already where that was used, and which can be made where no registry answers.
 */
export async function prepareLocalImages(options: LocalImagesOptions): Promise<LocalImages> {
  const { engine, project } = options;
  await removeEndedSessions(engine);
  const prepared = new Map<string, string>();
  for (const [name, { dockerfile, buildArgs }] of project.images) {
    const text = await readFile(dockerfile, "utf8");
    const isOwn = Object.keys(buildArgs).length === 0 && (await isUntouched(project, dockerfile));
    const base = isOwn
      ? ({ kind: "default" } as const)
      : ({ kind: "dockerfile", path: dockerfile, buildArgs } as const);
    const { reference } = await prepareTemplate(
      engine,
      { base, layers: [options.harness] },
      {
        consent: options.consent,
        signal: options.signal,
        onProgress: ({ message }) => options.onProgress(`Image ${name}: ${message}`),
      },
    );
    options.onProgress(`Image ${name}: ${reference}`);
    prepared.set(text, reference);
  }
  return {
    async name(reference, dockerfile) {
      const image = prepared.get(dockerfile);
      if (image === undefined) throw new Error("the Dockerfile was changed meanwhile: start this command again");
      await nameForSession(engine, image, reference);
    },
    [Symbol.asyncDispose]: () => removeSession(engine),
  };
}

/** Whether the folder of the Dockerfile is as `init` wrote it. */
async function isUntouched(project: WorkerProject, dockerfile: string): Promise<boolean> {
  const manifest = await readManifest(project.folder);
  const folder = `${dirname(dockerfile).slice(project.folder.length + 1)}/`;
  const known = Object.entries(manifest?.files ?? {}).filter(([path]) => path.startsWith(folder));
  if (known.length === 0 || !known.some(([path]) => join(project.folder, path) === dockerfile)) return false;
  for (const [path, hash] of known) {
    const bytes = await readFile(join(project.folder, path)).catch(() => undefined);
    if (bytes === undefined || sha256(bytes) !== hash) return false;
  }
  return true;
}
