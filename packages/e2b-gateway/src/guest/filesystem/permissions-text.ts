import { constants, type Stats } from "node:fs";

const { S_IFMT, S_IFDIR, S_IFLNK, S_IFBLK, S_IFCHR, S_IFIFO, S_IFSOCK } = constants;

const kinds: Readonly<Record<number, string>> = {
  [S_IFDIR]: "d",
  [S_IFLNK]: "L",
  [S_IFBLK]: "D",
  [S_IFCHR]: "Dc",
  [S_IFIFO]: "p",
  [S_IFSOCK]: "S",
};
const specials = [
  { bit: 0o4000, letter: "u" },
  { bit: 0o2000, letter: "g" },
  { bit: 0o1000, letter: "t" },
];
const rights = "rwxrwxrwx";

/** The mode as Go writes it, in which E2B's own envd is written: `-rw-r--r--`, `drwxr-xr-x`, `Lrwxrwxrwx`, `dtrwxrwxrwx`. */
export function permissionsText({ mode }: Pick<Stats, "mode">): string {
  const kind = kinds[mode & S_IFMT] ?? "";
  const special = specials.map(({ bit, letter }) => (mode & bit ? letter : "")).join("");
  const letters = [...rights].map((letter, index) => (mode & (0o400 >> index) ? letter : "-")).join("");
  return `${kind + special || "-"}${letters}`;
}
