/** Copies of `@glovebox/supervisor`'s values, which a test compares: that package needs Node and cannot run here. */
export const supervisorConfigVariable = "GLOVEBOX_SUPERVISOR";
export const endpointTokenHeader = "x-glovebox-token";
export const supervisorDirectory = "/opt/glovebox";
export const supervisorEgressPort = 47821;

/** The port of the supervisor's WebSocket endpoint. */
export const supervisorPort = 47820;

/** The supervisor's own lease, longer than any sandbox's: the object's alarm stops the sandbox and keeps its files. */
export const supervisorTtlMs = 30 * 24 * 60 * 60 * 1000;
