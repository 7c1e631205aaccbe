export { createPodmanProvider, type PodmanSettings, provider } from "./podman-provider.ts";
