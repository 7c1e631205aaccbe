/** How the characters of a text file are stored. */
export type TextEncoding = "utf8" | "utf16le" | "latin1";
