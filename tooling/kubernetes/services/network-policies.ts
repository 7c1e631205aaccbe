import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import type { ApiClient, KubernetesObject } from "./api-client.ts";
import { type LabelSelector, matchesLabels } from "./label-selector.ts";

interface Pod extends KubernetesObject {
  readonly spec: { readonly hostNetwork?: boolean };
  readonly status: { readonly podIP?: string };
}

interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly object[];
    readonly ingress?: readonly object[];
  };
}

/** Whether the policies leave a pod's traffic of one direction open. Rules that allow a part are not supported: it is closed. */
function isOpen(direction: "Egress" | "Ingress", pod: Pod, policies: readonly NetworkPolicy[]): boolean {
  const concerning = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace &&
      (spec.policyTypes ?? ["Ingress"]).includes(direction) &&
      matchesLabels(spec.podSelector, pod.metadata.labels ?? {}),
  );
  if (concerning.length === 0) return true;
  return concerning.some(({ spec }) =>
    (direction === "Egress" ? spec.egress : spec.ingress)?.some((rule) => Object.keys(rule).length === 0),
  );
}

/** The rules of a node: a pod's traffic is dropped until the pod is known to be open, so that none slips out at its start. */
function rules(pods: readonly Pod[], policies: readonly NetworkPolicy[]): string {
  const addressed = pods.flatMap((pod) =>
    pod.status.podIP && !pod.spec.hostNetwork ? [{ pod, address: pod.status.podIP }] : [],
  );
  const open = (direction: "Egress" | "Ingress", option: string) =>
    addressed
      .filter(({ pod }) => isOpen(direction, pod, policies))
      .map(({ address }) => `-A POLICY-${direction} ${option} ${address} -j RETURN`);
  return [
    "*filter",
    ":POLICY-Egress - [0:0]",
    ":POLICY-Ingress - [0:0]",
    "-A POLICY-Egress -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
    "-A POLICY-Ingress -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
    ...open("Egress", "-s"),
    ...open("Ingress", "-d"),
    `-A POLICY-Egress -s ${podNetwork} -j DROP`,
    `-A POLICY-Ingress -d ${podNetwork} -j DROP`,
    "COMMIT",
    "",
  ].join("\n");
}

function restore(networkNamespace: string, input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("nsenter", [`--net=${networkNamespace}`, "iptables-restore", "--noflush", "--wait", "5"], {
      stdio: ["pipe", "inherit", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`iptables-restore: exit status ${code}`))));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Where the network namespaces of nodes are, one a node. */
const namespaces = "/run/netns";
/** The addresses of the pods of all nodes. */
const podNetwork = "10.213.8.0/21";

/** Enforces network policies on every node, as a network plug-in of a cluster does. */
export class NetworkPolicies {
  readonly #api: ApiClient;
  readonly #applied = new Map<string, string>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async reconcile(): Promise<void> {
    const [pods, policies] = await Promise.all([
      this.#api.list<Pod>("/api/v1/pods?resourceVersion=0"),
      this.#api.list<NetworkPolicy>("/apis/networking.k8s.io/v1/networkpolicies?resourceVersion=0"),
    ]);
    const wanted = rules(pods, policies);
    const nodes = readdirSync(namespaces).filter((name) => name.startsWith("glovebox-node-"));
    for (const node of nodes) await this.#apply(`${namespaces}/${node}`, wanted);
  }

  async #apply(networkNamespace: string, wanted: string): Promise<void> {
    // A node that is started again has a new namespace under the same name; one that is stopped has none.
    const inode = statSync(networkNamespace, { throwIfNoEntry: false })?.ino;
    const applied = `${inode} ${wanted}`;
    if (inode === undefined || this.#applied.get(networkNamespace) === applied) return;
    await restore(networkNamespace, wanted);
    this.#applied.set(networkNamespace, applied);
  }
}
