import { dirname, join } from "node:path";
import { readHostFile, readHostText } from "@glovebox/core/host-files";
import type { TemplateLayer } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { readManifest, sha256 } from "../project/project-manifest.ts";
import type { WorkerProject } from "../project/worker-project.ts";
import type { DockerTools } from "./docker-tools.ts";
import { nameForSession, removeEndedSessions, removeSession } from "./session-images.ts";

/** The images of a project's containers on the local engine, for one session. */
export interface LocalImages extends AsyncDisposable {
  /** Tags the image of a Dockerfile, by its text, for this session. */
  readonly name: (reference: string, dockerfile: string) => Promise<void>;
}

export interface LocalImagesOptions {
  readonly engine: Docker;
  readonly tools: DockerTools;
  readonly project: WorkerProject;
  readonly harness: TemplateLayer;
  readonly consent: () => Promise<boolean>;
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Builds the images of a project through the engine's API. An unchanged Dockerfile gives the Docker provider's own image, which
 * often exists already and can be built without a registry.
 */
export async function prepareLocalImages(options: LocalImagesOptions): Promise<LocalImages> {
  const { engine, tools, project } = options;
  await removeEndedSessions(engine);
  const prepared = new Map<string, string>();
  for (const [name, { dockerfile, buildArgs }] of project.images) {
    const text = (await readHostText(dockerfile)) ?? "";
    const isOwn = Object.keys(buildArgs).length === 0 && (await isUntouched(project, dockerfile));
    const base = isOwn
      ? ({ kind: "default" } as const)
      : ({ kind: "dockerfile", path: dockerfile, buildArgs } as const);
    const { reference } = await tools.prepareTemplate(
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
      if (image === undefined) throw new Error("the Dockerfile has changed: restart this command");
      await nameForSession(engine, image, reference);
    },
    [Symbol.asyncDispose]: () => removeSession(engine),
  };
}

/** Whether the Dockerfile's directory is unchanged since `init`. */
async function isUntouched(project: WorkerProject, dockerfile: string): Promise<boolean> {
  const manifest = await readManifest(project.directory);
  const directory = `${dirname(dockerfile).slice(project.directory.length + 1)}/`;
  const known = Object.entries(manifest?.files ?? {}).filter(([path]) => path.startsWith(directory));
  if (known.length === 0 || !known.some(([path]) => join(project.directory, path) === dockerfile)) return false;
  for (const [path, hash] of known) {
    const bytes = await readHostFile(join(project.directory, path)).catch(() => undefined);
    if (bytes === undefined || sha256(bytes) !== hash) return false;
  }
  return true;
}
