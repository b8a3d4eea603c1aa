# An image with Node but without a shell: the runner is its entrypoint, and starts what was the entrypoint before.
ARG BASE
FROM ${BASE}
# The context has nothing else: runner.cjs.
COPY . /.devloop/
# Names that no image has: a variable of the image goes before an argument of its name.
ARG DEVLOOP_LAYER_IMAGE
ARG DEVLOOP_LAYER_ENTRYPOINT
ARG DEVLOOP_LAYER_CMD
ENV DEVLOOP_IMAGE=${DEVLOOP_LAYER_IMAGE} \
    DEVLOOP_ENTRYPOINT=${DEVLOOP_LAYER_ENTRYPOINT} \
    DEVLOOP_CMD=${DEVLOOP_LAYER_CMD}
ENTRYPOINT ["node", "/.devloop/runner.cjs"]
