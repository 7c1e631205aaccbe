// What the Pod Security Standards ask of a pod. Clusters have this built in since Kubernetes 1.23; the one that the tests
// build is older.

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type?: string };
}

interface ContainerSecurityContext extends SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly procMount?: string;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

interface Container {
  readonly name: string;
  readonly securityContext?: ContainerSecurityContext;
  readonly ports?: readonly { readonly hostPort?: number }[];
}

export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext & { readonly sysctls?: readonly { readonly name: string }[] };
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

export type PodSecurityLevel = "baseline" | "restricted";

const baselineCapabilities = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);
const safeSysctls = new Set(
  "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies net.ipv4.ping_group_range".split(
    " ",
  ),
);
const restrictedVolumes = new Set(
  "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret".split(" "),
);

function named(rule: string, containers: readonly Container[], breaks: (container: Container) => boolean): string[] {
  const names = containers.filter(breaks).map(({ name }) => `"${name}"`);
  return names.length > 0 ? [`${rule} (container ${names.join(", ")})`] : [];
}

function baselineViolations(spec: PodSpec, containers: readonly Container[]): string[] {
  return [
    ...(spec.hostNetwork || spec.hostPID || spec.hostIPC ? ["host namespaces"] : []),
    ...named("privileged", containers, ({ securityContext }) => securityContext?.privileged === true),
    ...named("non-default capabilities", containers, ({ securityContext }) =>
      (securityContext?.capabilities?.add ?? []).some((name) => !baselineCapabilities.has(name)),
    ),
    ...((spec.volumes ?? []).some((volume) => volume.hostPath !== undefined) ? ["hostPath volumes"] : []),
    ...named("hostPort", containers, ({ ports }) => (ports ?? []).some(({ hostPort }) => (hostPort ?? 0) > 0)),
    ...named("procMount", containers, ({ securityContext }) => (securityContext?.procMount ?? "Default") !== "Default"),
    ...((spec.securityContext?.sysctls ?? []).some(({ name }) => !safeSysctls.has(name)) ? ["forbidden sysctls"] : []),
    ...(spec.securityContext?.seccompProfile?.type === "Unconfined" ? ["seccompProfile"] : []),
    ...named(
      "seccompProfile",
      containers,
      ({ securityContext }) => securityContext?.seccompProfile?.type === "Unconfined",
    ),
  ];
}

function restrictedViolations(spec: PodSpec, containers: readonly Container[]): string[] {
  const ofPod = spec.securityContext;
  const kinds = (spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== "name"));
  return [
    ...(kinds.some((kind) => !restrictedVolumes.has(kind)) ? ["restricted volume types"] : []),
    ...named(
      "allowPrivilegeEscalation != false",
      containers,
      ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
    ),
    ...named("unrestricted capabilities", containers, ({ securityContext }) => {
      const { add = [], drop = [] } = securityContext?.capabilities ?? {};
      return !drop.includes("ALL") || add.some((name) => name !== "NET_BIND_SERVICE");
    }),
    ...named(
      "runAsNonRoot != true",
      containers,
      ({ securityContext }) => (securityContext?.runAsNonRoot ?? ofPod?.runAsNonRoot) !== true,
    ),
    ...named(
      "runAsUser=0",
      containers,
      ({ securityContext }) => (securityContext?.runAsUser ?? ofPod?.runAsUser) === 0,
    ),
    ...named(
      "seccompProfile",
      containers,
      ({ securityContext }) =>
        !["RuntimeDefault", "Localhost"].includes(
          securityContext?.seccompProfile?.type ?? ofPod?.seccompProfile?.type ?? "",
        ),
    ),
  ];
}

/** Returns what a pod violates of a level of the Pod Security Standards, each with the containers concerned. */
export function podSecurityViolations(level: PodSecurityLevel, spec: PodSpec): readonly string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const violations = baselineViolations(spec, containers);
  return level === "baseline" ? violations : [...violations, ...restrictedViolations(spec, containers)];
}
