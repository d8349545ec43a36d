import { z } from 'zod';

const Duration = z.string().regex(/^\d+(ms|s|m)$/);

const HealthCheck = z.strictObject({
  test: z.tuple([z.literal('CMD')], z.string()),
  interval: Duration,
  timeout: Duration,
  retries: z.int().positive(),
  start_period: Duration.optional(),
  start_interval: Duration.optional(),
});

const Service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).min(1),
  profiles: z.array(z.string()).optional(),
  user: z.string().optional(),
  init: z.boolean().optional(),
  restart: z.literal('unless-stopped'),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  logging: z.strictObject({
    driver: z.string(),
    options: z.record(z.string(), z.string()),
  }),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({
        condition: z.literal('service_healthy'),
        required: z.boolean().optional(),
      }),
    )
    .default({}),
  tmpfs: z.array(z.string()).optional(),
  volumes: z.array(z.string().regex(/^[a-z]+:\/[^:]+(:ro)?$/, 'a named volume')),
  ports: z.array(z.string()).default([]),
  shm_size: z.string().optional(),
  stop_grace_period: Duration.optional(),
  healthcheck: HealthCheck,
});

/** docker-compose.yml, as far as we use the format: what is not named here is a mistake. */
export const Compose = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});
export type Compose = z.infer<typeof Compose>;
