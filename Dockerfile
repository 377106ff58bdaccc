# Errand in a container: `docker build -t errand .`, then `docker run --init --env-file .env -p 127.0.0.1:3000:3000 errand`.
# Node 24 is the newest LTS line that every dependency is tried on.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# Dependencies first: they change seldom, so this layer is mostly there already. No package needs its install scripts.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
# git >= 2.38 is what merges; Debian 12 has 2.39. bubblewrap is the sandbox, where the container may make namespaces (docs/sandbox.md).
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY app.yml ./
COPY docs/agent.schema.json ./docs/
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  LOG_FORMAT=json \
  ERRAND_DATA_DIR=/data
# Node as process 1 does not collect the ends of git's own children: run it below an init (`--init`, or `init: true` in compose).
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["start"]
