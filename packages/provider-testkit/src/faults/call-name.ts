/** The name under which a call of a run is found again in another run: what is particular to one run is left out. */
export function callName(method: string | undefined, url: string | undefined): string {
  const path = (url ?? "/").split("?")[0] ?? "/";
  return `${method ?? "GET"} ${path.split("/").map(general).join("/")}`;
}

function general(segment: string): string {
  return /[0-9a-f]{12}|\d{6}|%[0-9a-fA-F]{2}/.test(segment) ? ":id" : segment;
}
