/** The name under which logins to an image's registry are stored. */
export function registryKey(reference: string): string {
  const first = reference.split("/")[0] ?? "";
  const named = reference.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return named && first !== "docker.io" ? first : "https://index.docker.io/v1/";
}
