/**
 * Whether the supervisor is root, who is beyond the reach of the sandbox's user. Where it is not, it is that user itself. By
 * the real id: the effective one changes while something is done as the user.
 */
export const isPrivileged = process.getuid?.() === 0;
