/** The environment variable that carries the {@link PrepareConfig} of the mode `prepare` as JSON. */
export const prepareConfigVariable = "GLOVEBOX_PREPARE";

/**
 * What the mode `prepare` does, before the supervisor starts, in a container of the same image and pod. It exits with 0, or
 * prints one line to standard error and exits with 1.
 */
export interface PrepareConfig {
  /**
   * Where the volume is mounted. `workspace` and `home` are made in it, owned by the sandbox's user; a new one gets a copy of
   * what the image has at `/workspace` and `/home/agent`, and one that is there stays as it is. Default: `/glovebox/volume`.
   */
  readonly volume?: string;
  /** Takes every network interface but loopback down, which needs NET_ADMIN, and fails where one stays up. Default: false. */
  readonly seal?: boolean;
  /**
   * Makes `etc/passwd` and `etc/group` in the volume: the image's own, with the sandbox's user. For images that lack the user.
   * Default: false.
   */
  readonly accounts?: boolean;
}
