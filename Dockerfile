# One image for every process of ours; docker-compose.yml says which one a container runs.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
ENV CI=true TURBO_TELEMETRY_DISABLED=1
RUN npm install --global pnpm@12.21.0
# Dependencies first: they change less often than what uses them.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --frozen-lockfile --offline \
  && pnpm build \
  && pnpm install --frozen-lockfile --offline --prod \
  && rm -rf packages/*/src packages/testing

FROM node:24.21.0-bookworm-slim
# Debian's Chromium in its newest version: an old browser is a danger, so none is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends chromium \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The code belongs to root: what runs cannot change it.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
# Volumes take over these owners when they are first used.
RUN install --directory --owner=node --group=node --mode=0700 auth_profiles certs errors logs page-packs simulator
USER node
ENV NODE_ENV=production LOG_FORMAT=json CHROMIUM_PATH=/usr/bin/chromium
CMD ["node", "packages/api/dist/main.js"]
