# Runs as a user without rights, and writes to /archive and /tmp alone:
#   docker run --rm --read-only --tmpfs /tmp --volume "$PWD/archive:/archive" sitelift demo
FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY fixtures/office fixtures/office
RUN npm run build && npm prune --omit=dev --ignore-scripts
# What a fleet on many machines needs besides: --build-arg QUEUE="bullmq@6.7.0 ioredis@5.11.1". package.json has them for
# development and as optional peers, and npm installs neither.
ARG QUEUE=""
RUN if [ -n "$QUEUE" ]; then npm pkg delete devDependencies peerDependencies && npm install --no-save --ignore-scripts $QUEUE; fi

FROM node:20-slim
LABEL org.opencontainers.image.title="sitelift" \
      org.opencontainers.image.description="Moves a paginated site into a validated Markdown archive that can be trusted." \
      org.opencontainers.image.source="https://github.com/sitelift/sitelift" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /opt/sitelift
COPY LICENSE ./
COPY docs docs
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
# A new volume takes over the owner of the folder.
RUN mkdir /archive && chown node:node /archive
VOLUME /archive
WORKDIR /archive
USER node
ENTRYPOINT ["node", "/opt/sitelift/dist/src/cli.js"]
CMD ["--help"]
