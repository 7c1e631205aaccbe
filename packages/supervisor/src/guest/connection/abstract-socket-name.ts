/**
 * The name of the socket of a supervisor that is not root. It is no file, but a name in the sandbox's network: the agent, who
 * has the same user, can neither remove it nor put a socket of its own in its place, to which bridges would bring the token.
 */
export const abstractSocketName = "\0glovebox-supervisor";
