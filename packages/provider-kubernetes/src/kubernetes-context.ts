import { Cluster } from "./cluster/cluster.ts";
import type { KubernetesSettings } from "./kubernetes-settings.ts";
import type { PodTemplate } from "./pod/pod-template.ts";
import { readPodTemplate } from "./pod/read-pod-template.ts";
import { NamespaceSeal } from "./sandbox/namespace-seal.ts";

/** What the functions of the provider work with. */
export class KubernetesContext {
  readonly settings: KubernetesSettings;
  readonly cluster: Cluster;
  readonly seal: NamespaceSeal;
  #podTemplate: Promise<PodTemplate> | undefined;

  /** Does no I/O. */
  constructor(settings: KubernetesSettings) {
    const { kubeconfig, context, namespace, requestTimeoutMs } = settings;
    this.settings = settings;
    this.cluster = new Cluster({ kubeconfig, context, namespace, requestTimeoutMs });
    this.seal = new NamespaceSeal(this.cluster, settings.seal);
  }

  /** Where new sandboxes are created. */
  async namespace(): Promise<string> {
    return (await this.cluster.access()).namespace;
  }

  /** What is added to every pod. Rejects with `invalid-options` for a file that cannot be used. */
  podTemplate(): Promise<PodTemplate> {
    this.#podTemplate ??= readPodTemplate(this.settings.podTemplate);
    this.#podTemplate.catch(() => {
      this.#podTemplate = undefined;
    });
    return this.#podTemplate;
  }
}
