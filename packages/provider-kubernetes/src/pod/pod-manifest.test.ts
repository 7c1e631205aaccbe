import { InvalidOptionsError } from "@glovebox/core/provider";
import type { V1Container } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { createKubernetesProvider } from "../index.ts";
import type { KubernetesSettings } from "../kubernetes-settings.ts";
import { podManifest } from "./pod-manifest.ts";
import type { SealMode } from "./pod-options.ts";
import type { PodTemplate } from "./pod-template.ts";

interface Changes {
  readonly settings?: KubernetesSettings;
  readonly podTemplate?: PodTemplate;
  readonly seal?: SealMode;
  readonly reference?: string;
  readonly resources?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
}

const token = "a-token-that-nobody-can-guess-0123456789";

function podOf({ settings = {}, podTemplate = {}, seal = "init", ...record }: Changes = {}) {
  const { spec, metadata } = podManifest({
    namespace: "agents",
    name: "glovebox-1",
    settings,
    podTemplate,
    seal,
    token,
    record: {
      key: "f".repeat(64),
      labels: { "glovebox.owner": "me", "glovebox.run": "run-1" },
      template: "sha256:0",
      reference: "registry.example/sandbox@sha256:1",
      resources: {},
      ttlMs: 60_000,
      attempt: "1",
      ...record,
    },
  });
  if (spec === undefined || metadata === undefined) throw new Error("A pod has both");
  return { spec, metadata };
}

function containersOf(changes?: Changes): readonly V1Container[] {
  const { containers, initContainers = [] } = podOf(changes).spec;
  return [...containers, ...initContainers];
}

describe("the pod of a sandbox", () => {
  it("is as the restricted Pod Security Standard demands, but for the one container that seals it", () => {
    for (const { name, securityContext } of containersOf({ reference: "user/image@sha256:1 + tools@sha256:2" })) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        privileged: false,
        seccompProfile: { type: "RuntimeDefault" },
        runAsNonRoot: name !== "prepare",
        capabilities: { drop: ["ALL"] },
      });
      if (name !== "prepare") expect(securityContext?.capabilities?.add).toBeUndefined();
    }
    const sealed = containersOf({ seal: "policy" }).map(({ securityContext }) => securityContext);
    expect(sealed.every((context) => context?.runAsNonRoot && context.capabilities?.add === undefined)).toBe(true);
  });

  it("has no token, no links to services, no namespace of its node, and an end that no lease moves", () => {
    expect(podOf({ settings: { maxLifeHours: 2 } }).spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      restartPolicy: "Always",
      activeDeadlineSeconds: 7200,
      dnsPolicy: "None",
    });
  });

  it("limits what is asked for, and reserves little", () => {
    const changes = { resources: { cpus: 2, memoryMiB: 512, tmpMiB: 32, openFiles: 300 } };
    for (const { resources } of containersOf(changes)) {
      expect(resources).toEqual({
        limits: { cpu: "2000m", memory: "512Mi" },
        requests: { cpu: "100m", memory: "256Mi" },
      });
    }
    const { containers, volumes } = podOf(changes).spec;
    expect(volumes).toContainEqual({ name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "32Mi" } });
    expect(containers[0]?.command?.join(" ")).toContain("ulimit -n 300");
  });

  it("reserves no more than its limits", () => {
    const settings = { requests: { cpus: 4, memoryMiB: 4096 }, ephemeralStorageMiB: 1024 };
    expect(containersOf({ settings, resources: { cpus: 1, memoryMiB: 512 } })[0]?.resources).toEqual({
      limits: { cpu: "1000m", memory: "512Mi", "ephemeral-storage": "1024Mi" },
      requests: { cpu: "1000m", memory: "512Mi" },
    });
  });

  it("pulls no image of a name that is on no registry", () => {
    expect(containersOf({ reference: "glovebox/sandbox:1" })[0]?.imagePullPolicy).toBe("Never");
    expect(containersOf()[0]?.imagePullPolicy).toBe("IfNotPresent");
  });

  it("brings Glovebox's parts to an image that lacks them, which nobody can read or change", () => {
    const { containers, initContainers } = podOf({ reference: "python@sha256:1 + tools@sha256:2" }).spec;
    expect(initContainers?.map(({ name, image }) => [name, image])).toEqual([
      ["tools", "tools@sha256:2"],
      ["prepare", "python@sha256:1"],
    ]);
    expect(initContainers?.[0]?.command?.at(-1)).toContain("chmod 0111 node tini busybox");
    expect(containers[0]?.volumeMounts).toContainEqual({ name: "parts", mountPath: "/opt/glovebox", readOnly: true });
  });

  it("selects by labels that the API server accepts, and keeps the exact ones beside them", () => {
    const labels = { "glovebox.owner": "someone else's", "glovebox.run": "run-1" };
    const { metadata } = podOf({ labels });
    expect(metadata.labels?.["glovebox.dev/owner"]).toMatch(/^sha256-[0-9a-f]{40}$/);
    expect(metadata.labels?.["glovebox.dev/run"]).toBe("run-1");
    expect(JSON.parse(metadata.annotations?.["glovebox.dev/record"] ?? "")).toMatchObject({ labels });
  });

  it("keeps its files on a volume of the storage class that is asked for", () => {
    const { volumes, securityContext } = podOf({ settings: { storageClass: "fast" } }).spec;
    expect(volumes?.[0]).toEqual({ name: "work", persistentVolumeClaim: { claimName: "glovebox-1" } });
    expect(securityContext).toMatchObject({ fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" });
  });

  it("holds the supervisor's token in its configuration alone", () => {
    const text = JSON.stringify(podOf());
    expect(text.split(token).length).toBe(2);
  });
});

describe("a pod template", () => {
  it("adds what a cluster demands", () => {
    const podTemplate = {
      metadata: { labels: { team: "a" }, annotations: { "sidecar.istio.io/inject": "false" } },
      spec: {
        priorityClassName: "low",
        tolerations: [{ key: "agents", operator: "Exists" }],
        nodeSelector: { pool: "a" },
      },
    };
    const { spec, metadata } = podOf({ podTemplate, settings: { nodeSelector: { disk: "ssd" } } });
    expect(metadata.labels).toMatchObject({ team: "a", "app.kubernetes.io/managed-by": "glovebox" });
    expect(metadata.annotations).toMatchObject({ "sidecar.istio.io/inject": "false" });
    expect(spec).toMatchObject({
      priorityClassName: "low",
      tolerations: [{ key: "agents" }],
      nodeSelector: { "kubernetes.io/os": "linux", pool: "a", disk: "ssd" },
    });
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ["containers", { spec: { containers: [{ name: "mine" }] } }],
    ["volumes", { spec: { volumes: [{ name: "root", hostPath: { path: "/" } }] } }],
    ["the security context", { spec: { securityContext: { runAsUser: 0 } } }],
    ["the node's network", { spec: { hostNetwork: true } }],
    ["a service account's token", { spec: { automountServiceAccountToken: true } }],
    ["the node's users", { spec: { hostUsers: true } }],
    ["a life without an end", { spec: { activeDeadlineSeconds: 1e9 } }],
    [
      "an AppArmor profile",
      { metadata: { annotations: { "container.apparmor.security.beta.kubernetes.io/sandbox": "unconfined" } } },
    ],
    ["Glovebox's own labels", { metadata: { labels: { "glovebox.dev/owner": "somebody" } } }],
    ["who manages the pod", { metadata: { labels: { "app.kubernetes.io/managed-by": "me" } } }],
  ];
  it.each(refused)("cannot set %s", (_, podTemplate) => {
    expect(() => createKubernetesProvider({ podTemplate } as never)).toThrow(InvalidOptionsError);
  });
});
