import type { VendorSandbox } from "@glovebox/provider-kit";
import type { PodmanContainers } from "./podman-containers.ts";

/** A container as the kit works with it. */
export function podmanSandbox(containers: PodmanContainers, id: string): VendorSandbox {
  const openStream = async () => containers.openStream(id);
  return {
    id,
    openStream,
    info: (call) => containers.find({ id }, call),
    async start({ signal }) {
      await containers.start(id, signal === undefined ? {} : { signal });
      return openStream();
    },
    undoStart: () => containers.stop(id, {}),
    pause: (call) => containers.pause(id, call),
    destroy: (call) => containers.remove(id, call),
  };
}
