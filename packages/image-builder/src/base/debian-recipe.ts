/** What the base made from Debian's packages consists of; a change of any of these makes another base. */
export const debianRecipe = { version: 1, suite: "bookworm", node: "24.21.0", npm: "11.21.2" } as const;
