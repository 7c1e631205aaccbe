/**
 * Maps names of an archive to paths below `folder` (the whole when it is absent); what lies elsewhere is left out.
 * `strip` drops so many leading parts of every name first: GitHub's archives hold one folder of their own.
 */
export function placeWithin(folder: string | undefined, strip = 0): (name: string) => string | undefined {
  const prefix = folder === undefined ? "" : `${folder}/`;
  return (name) => {
    let path = name;
    for (let part = 0; part < strip; part += 1) path = path.slice(path.indexOf("/") + 1);
    return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
  };
}
