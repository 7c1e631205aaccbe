import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { TemplateLayer } from "@glovebox/core/provider";
import { prepareTemplate } from "@glovebox/provider-docker";
import type Docker from "dockerode";
import { readManifest, sha256 } from "./project-manifest.ts";
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
  await removeLeft(engine);
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
  const names: string[] = [];
  return {
    async name(reference, dockerfile) {
      const image = prepared.get(dockerfile);
      if (image === undefined) throw new Error("the Dockerfile was changed meanwhile: start this command again");
      await nameWithoutEntrypoint(engine, image, reference);
      names.push(reference);
    },
    async [Symbol.asyncDispose]() {
      for (const reference of names) {
        await removeContainersOf(engine, reference);
        await engine.getImage(reference).remove({ force: true }).catch(ignoreMissing);
      }
    },
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

/** On each image: the process whose session it belongs to. */
const label = "glovebox.cloudflare.session";

/** The images of sessions whose process was killed. */
async function removeLeft(engine: Docker): Promise<void> {
  for (const { Id, Labels } of await engine.listImages({ filters: { label: [label] } })) {
    const [host, pid] = (Labels?.[label] ?? "").split("/");
    if (host !== hostname() || isAlive(Number(pid))) continue;
    await engine.getImage(Id).remove({ force: true }).catch(ignoreMissing);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The local runtime hands what a container starts with to the image's entrypoint, which the platform itself replaces. */
async function nameWithoutEntrypoint(engine: Docker, image: string, reference: string): Promise<void> {
  const [repo, tag] = reference.split(":");
  const container = await engine.createContainer({ Image: image, Entrypoint: [""], Cmd: ["true"] });
  try {
    await container.commit({ repo, tag, changes: `LABEL ${label}=${hostname()}/${process.pid}` });
  } finally {
    await container.remove({ force: true });
  }
}

/** What a session that ended badly left: its containers, and what stands beside each for its network. */
async function removeContainersOf(engine: Docker, reference: string): Promise<void> {
  const left = await engine.listContainers({ all: true, filters: { ancestor: [reference] } });
  for (const name of left.flatMap(({ Names }) => Names)) {
    for (const each of [name, `${name}-proxy`]) {
      await engine.getContainer(each.replace(/^\//, "")).remove({ force: true, v: true }).catch(ignoreMissing);
    }
  }
}

function ignoreMissing(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}
