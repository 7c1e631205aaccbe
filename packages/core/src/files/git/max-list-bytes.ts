/** The longest list of file names that is read from git in a sandbox. */
export const maxListBytes = 256 * 1024 * 1024;
