import { sandboxUser, workspaceDir } from "@glovebox/core/provider";
import type { V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { PodLimits } from "./pod-resources.ts";

export interface VolumeOptions {
  readonly limits: PodLimits;
  /** The volume claim that holds the files; else they are on the node's disk. */
  readonly claimName: string | undefined;
  /** Whether the image lacks Glovebox's parts. */
  readonly hasTools: boolean;
}

/** Where Glovebox's own programs are. */
export const partsDir = "/opt/glovebox";

/** Where init containers see the volumes that they fill. */
export const preparePaths = { volume: "/glovebox/volume", parts: "/glovebox/parts" } as const;

/** What survives the end of the sandbox's container: its files. */
export function podVolumes({ limits, claimName, hasTools }: VolumeOptions): V1Volume[] {
  const { tmpMiB, shmMiB } = limits;
  return [
    claimName === undefined ? { name: "work", emptyDir: {} } : { name: "work", persistentVolumeClaim: { claimName } },
    { name: "tmp", emptyDir: tmpMiB === undefined ? {} : memory(tmpMiB) },
    { name: "shm", emptyDir: memory(shmMiB) },
    ...(hasTools ? [{ name: "parts", emptyDir: {} }] : []),
  ];
}

export function sandboxMounts({ hasTools }: Pick<VolumeOptions, "hasTools">): V1VolumeMount[] {
  return [
    { name: "work", mountPath: workspaceDir, subPath: "workspace" },
    { name: "work", mountPath: sandboxUser.home, subPath: "home" },
    { name: "tmp", mountPath: "/tmp" },
    { name: "shm", mountPath: "/dev/shm" },
    ...(hasTools ? [partsMount, outputMount, ...["etc/passwd", "etc/group"].map(accountMount)] : []),
  ];
}

/** The image's own /workspace and /home/agent stay visible: they are copied where the volume is new. */
export function prepareMounts({ hasTools }: Pick<VolumeOptions, "hasTools">): V1VolumeMount[] {
  return [{ name: "work", mountPath: preparePaths.volume }, ...(hasTools ? [partsMount] : [])];
}

export const toolsMounts: readonly V1VolumeMount[] = [{ name: "parts", mountPath: preparePaths.parts }];

/** Read-only: its files belong to the user that the agent runs as. */
const partsMount: V1VolumeMount = { name: "parts", mountPath: partsDir, readOnly: true };

/** Glovebox's own images have a link to the workspace there. */
const outputMount: V1VolumeMount = { name: "work", mountPath: "/output", subPath: "workspace" };

function accountMount(file: string): V1VolumeMount {
  return { name: "work", mountPath: `/${file}`, subPath: file, readOnly: true };
}

function memory(mebibytes: number): { medium: string; sizeLimit: string } {
  return { medium: "Memory", sizeLimit: `${mebibytes}Mi` };
}
