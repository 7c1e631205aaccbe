/** What a browser may show at the server's own address: pictures that cannot hold a script. */
const pictures: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
};

/** The type of a picture, by its name. `undefined` for everything else, which is only ever saved. */
export function pictureType(path: string): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(pictures, extension) ? pictures[extension] : undefined;
}
