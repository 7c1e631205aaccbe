/** How a file is shown, by its name. */
export function fileKind(path: string): "image" | "page" | "text" {
  if (/\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i.test(path)) return "image";
  return /\.html?$/i.test(path) ? "page" : "text";
}
