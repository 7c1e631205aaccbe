/** A component's name without its category: what it is called once installed. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
