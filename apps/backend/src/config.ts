import Joi from 'joi';
import { type Level, levels } from './log.ts';

export interface Config {
  host: string;
  port: number;
  databasePath: string;
  apiKey: string;
  logLevel: Level;
  shutdownTimeoutMs: number;
  appMessage?: string;
}

interface Environment {
  HOST: string;
  PORT: number;
  DATABASE_PATH: string;
  API_KEY: string;
  LOG_LEVEL: Level;
  SHUTDOWN_TIMEOUT_MS: number;
  APP_MESSAGE?: string;
}

// A chart that leaves a value out often sets the variable to the empty text: that means "not set" too.
const text = () => Joi.string().trim().empty('');

const schema = Joi.object<Environment>({
  HOST: text().default('0.0.0.0'),
  PORT: Joi.number().empty('').port().default(4000),
  DATABASE_PATH: text().default('/data/tasks.db'),
  API_KEY: text().min(8).required(),
  LOG_LEVEL: text()
    .valid(...levels)
    .default('info'),
  SHUTDOWN_TIMEOUT_MS: Joi.number().empty('').integer().min(0).max(600_000).default(5000),
  APP_MESSAGE: text().max(500),
});

/** What the environment says is not usable; the message names every wrong setting and never shows a value. */
export class ConfigError extends Error {}

export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { value, error } = schema.validate(env, {
    abortEarly: false,
    stripUnknown: true,
    errors: { wrap: { label: false } },
  });
  if (error) {
    const problems = error.details.map((detail) => detail.message).join('; ');
    throw new ConfigError(`The settings are wrong: ${problems}. Set them as environment variables and start again.`);
  }
  return {
    host: value.HOST,
    port: value.PORT,
    databasePath: value.DATABASE_PATH,
    apiKey: value.API_KEY,
    logLevel: value.LOG_LEVEL,
    shutdownTimeoutMs: value.SHUTDOWN_TIMEOUT_MS,
    ...(value.APP_MESSAGE && { appMessage: value.APP_MESSAGE }),
  };
}
