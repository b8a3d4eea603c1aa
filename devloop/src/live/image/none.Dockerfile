# An image with neither Node nor a shell: only the labels that devloop gives it say so.
ARG BASE
FROM ${BASE}
