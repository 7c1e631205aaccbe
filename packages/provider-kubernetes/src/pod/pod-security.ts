import { sandboxUser } from "@glovebox/core/provider";
import type { V1PodSecurityContext, V1SecurityContext } from "@kubernetes/client-node";
import type { SealMode } from "./pod-options.ts";

/** What the restricted Pod Security Standard demands. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards */
export const restricted: V1SecurityContext = {
  runAsNonRoot: true,
  runAsUser: sandboxUser.uid,
  runAsGroup: sandboxUser.gid,
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** The one container that may do more: it takes the pod's network away, becomes the agent's user, and ends before the agent begins. */
const sealing: V1SecurityContext = {
  ...restricted,
  runAsNonRoot: false,
  runAsUser: 0,
  runAsGroup: 0,
  capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "CHOWN", "SETUID", "SETGID"] },
};

export function prepareSecurity(seal: SealMode): V1SecurityContext {
  return seal === "init" ? sealing : restricted;
}

/** `hasClaim`: the volume's file system is root's when it is new. */
export function podSecurity(hasClaim: boolean): V1PodSecurityContext {
  const { uid, gid } = sandboxUser;
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    seccompProfile: { type: "RuntimeDefault" },
    // Once only: it changes the modes of files.
    ...(hasClaim && { fsGroup: gid, fsGroupChangePolicy: "OnRootMismatch" }),
  };
}
