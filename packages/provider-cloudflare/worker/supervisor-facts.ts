/** As `@glovebox/supervisor` has them; a test compares them. That package is for Node, and none of its code runs here. */
export const supervisorConfigVariable = "GLOVEBOX_SUPERVISOR";
export const doorTokenHeader = "x-glovebox-token";
export const supervisorFolder = "/opt/glovebox";
export const supervisorEgressPort = 47821;

/** Where the door listens inside. */
export const doorPort = 47820;

/** The lease of the supervisor itself. The object's alarm ends the sandbox, and keeps its files; this is long past it. */
export const supervisorTtlMs = 30 * 24 * 60 * 60 * 1000;
