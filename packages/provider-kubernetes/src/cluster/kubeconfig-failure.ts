import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";

/** For the failure to read a file that the kubeconfig is, or that it names. */
export function ofKubeconfig(error: unknown): never {
  if (!SandboxError.isInstance(error)) throw error;
  const hint = error.hint ?? "Name another kubeconfig with the setting or with KUBECONFIG.";
  throw new InvalidOptionsError(error.message, { providerId: "kubernetes", hint, cause: error });
}
