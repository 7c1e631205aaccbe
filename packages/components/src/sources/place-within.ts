/**
 * Maps names of an archive to paths below `directory` (the whole when it is absent); what lies elsewhere is left out.
 * `strip` is how many leading parts of every name are dropped first: GitHub's archives hold one directory of their own.
 */
export function placeWithin(directory: string | undefined, strip = 0): (name: string) => string | undefined {
  const prefix = directory === undefined ? "" : `${directory}/`;
  return (name) => {
    let path = name;
    for (let part = 0; part < strip; part += 1) path = path.slice(path.indexOf("/") + 1);
    return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
  };
}
