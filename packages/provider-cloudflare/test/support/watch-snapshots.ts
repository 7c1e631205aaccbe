import type { Engine } from "./build-image.ts";

/** Notes the images that the local runtime makes for the snapshots of one Worker. */
export async function watchSnapshots(engine: Engine, worker: string): Promise<{ remove(): Promise<void> }> {
  const created = new Set<string>();
  const events = await engine.getEvents({ filters: { type: ["container"], event: ["commit"] } });
  let rest = "";
  events.setEncoding("utf8").on("data", (part: string) => {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(Boolean)) {
      const { Actor } = JSON.parse(line) as { Actor: { Attributes: { name?: string; imageID?: string } } };
      const { name = "", imageID } = Actor.Attributes;
      if (name.includes(`-${worker}-`) && imageID !== undefined) created.add(imageID);
    }
  });
  return {
    async remove() {
      (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
      // One may be created from another.
      for (const id of [...created].reverse()) await engine.getImage(id).remove({ force: true });
    },
  };
}
