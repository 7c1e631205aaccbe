/** How an image gets from the engine of this host to the nodes of a small cluster, in one line. */
export function loadHint(image: string): string {
  const ways = [
    `\`kind load docker-image ${image}\``,
    `\`minikube image load ${image}\``,
    `\`docker save ${image} | k3s ctr images import -\``,
  ];
  return `Load it: ${ways.join(", ")}; or push images to a registry with --registry.`;
}

/** What to do with an image that was just built, in one line. */
export function loadNotice(image: string): string {
  return `${image} has to be on every node of the cluster. ${loadHint(image)}`;
}
