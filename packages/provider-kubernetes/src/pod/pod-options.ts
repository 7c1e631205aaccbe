import type { KubernetesSettings } from "../kubernetes-settings.ts";
import type { PodRecord } from "./pod-record.ts";
import type { PodTemplate } from "./pod-template.ts";

/** How a pod loses its network: see the setting `seal`. */
export type SealMode = "init" | "policy";

/** What a pod is made of. */
export interface PodOptions {
  readonly namespace: string;
  readonly name: string;
  readonly settings: KubernetesSettings;
  readonly podTemplate: PodTemplate;
  readonly record: PodRecord;
  readonly seal: SealMode;
  /** What a connection to the supervisor must know. */
  readonly token: string;
}
