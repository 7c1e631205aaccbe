# Glovebox's own programs and nothing else, to be copied beside an image of the user's own.
ARG GLOVEBOX
FROM ${GLOVEBOX} AS glovebox
USER 0:0
# Whoever copies it is not root, and has to read it.
RUN chmod 0755 /opt/glovebox/bin/*
FROM scratch
COPY --from=glovebox /opt/glovebox/bin /opt/glovebox/bin
COPY --from=glovebox /opt/glovebox/harness /opt/glovebox/harness
COPY --from=glovebox /opt/glovebox/supervisor.cjs /opt/glovebox/
ENV PATH=/opt/glovebox/bin
USER 1000:1000
CMD ["/opt/glovebox/bin/busybox", "true"]
