import { InvalidOptionsError, SandboxAuthenticationError, type SandboxError } from "@glovebox/core/provider";
import { safeLine, safeName } from "@glovebox/core/text";
import type { KubeConfig } from "@kubernetes/client-node";

const providerId = "kubernetes";

/** Maps the failure to get credentials for a request: nothing has been sent. No token is in it. */
export function credentialFailure(error: unknown, config: KubeConfig): SandboxError {
  const { code, message = "", name } = (error ?? {}) as NodeJS.ErrnoException;
  if (message.startsWith("HTTP protocol is not allowed")) {
    return new InvalidOptionsError("The server of the kubeconfig's cluster has an address of http", {
      providerId,
      hint: "Use https. For `kubectl proxy` on this machine, set insecure-skip-tls-verify: true in the kubeconfig.",
    });
  }
  const plugin = config.getCurrentUser()?.exec?.command as string | undefined;
  if (plugin === undefined) {
    const said = code ?? (name === "SyntaxError" ? "a token cannot be read" : safeLine(message, 300));
    return new SandboxAuthenticationError(`The credentials of the kubeconfig cannot be used: ${said}`, {
      providerId,
      hint: "Log in to the cluster again, and try `kubectl get pods`.",
    });
  }
  const program = safeName(plugin);
  if (code === "ENOENT" || code === "EACCES") {
    return new SandboxAuthenticationError(
      `The credential plug-in of the kubeconfig cannot be run: ${program} (${code})`,
      {
        providerId,
        hint: "Install it, or add its directory to PATH.",
      },
    );
  }
  // What it printed instead of a credential may hold one.
  const said = name === "SyntaxError" || name === "TypeError" ? "it printed no credential" : lastLine(message);
  return new SandboxAuthenticationError(`The credential plug-in ${program} of the kubeconfig failed: ${said}`, {
    providerId,
    hint: "Log in to the cluster again, and try `kubectl get pods`.",
  });
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return safeLine(lines.at(-1) ?? "it said nothing", 300);
}
