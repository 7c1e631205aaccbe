# What a sandbox needs, on top of an image of the user's own.
ARG GLOVEBOX
ARG BASE
FROM ${GLOVEBOX} AS glovebox
FROM ${BASE}
USER 0:0
# What an image tells Node (an inspector's port, modules to load) is meant for the agent's programs, not for the supervisor,
# which gives it on to them.
ENV GLOVEBOX_NODE_OPTIONS=${NODE_OPTIONS}
ENV NODE_OPTIONS=
COPY --from=glovebox /opt/glovebox/bin /opt/glovebox/bin
COPY --from=glovebox /opt/glovebox/harness /opt/glovebox/harness
COPY --from=glovebox /opt/glovebox/setup-sandbox.mjs /opt/glovebox/
RUN ["/opt/glovebox/bin/node", "/opt/glovebox/setup-sandbox.mjs"]
ENV PATH=/home/agent/.npm-global/bin:/home/agent/.local/bin:${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
WORKDIR /workspace
HEALTHCHECK NONE
ENTRYPOINT ["/opt/glovebox/bin/node", "/opt/glovebox/supervisor.cjs"]
CMD ["serve"]
COPY --from=glovebox /opt/glovebox/supervisor.cjs /opt/glovebox/
