import { describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../src/config.ts';

const API_KEY = 'long-enough';

describe('readConfig', () => {
  test('has a default for all but the key', () => {
    expect(readConfig({ API_KEY })).toEqual({
      host: '0.0.0.0',
      port: 4000,
      databasePath: '/data/tasks.db',
      apiKey: API_KEY,
      logLevel: 'info',
      shutdownTimeoutMs: 5000,
    });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(readConfig({ API_KEY, PORT: '', APP_MESSAGE: '' })).toEqual(readConfig({ API_KEY }));
  });

  test('reads every setting', () => {
    const env = { API_KEY, HOST: '::1', PORT: '80', DATABASE_PATH: '/x.db', LOG_LEVEL: 'warn' };
    expect(readConfig({ ...env, SHUTDOWN_TIMEOUT_MS: '10', APP_MESSAGE: 'hi' })).toEqual({
      host: '::1',
      port: 80,
      databasePath: '/x.db',
      apiKey: API_KEY,
      logLevel: 'warn',
      shutdownTimeoutMs: 10,
      appMessage: 'hi',
    });
  });

  test.each([
    [{}, 'API_KEY is required'],
    [{ API_KEY: 'short' }, 'API_KEY length must be at least 8'],
    [{ API_KEY, PORT: '70000' }, 'PORT must be a valid port'],
    [{ API_KEY, PORT: 'http' }, 'PORT must be a number'],
    [{ API_KEY, LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    [{ API_KEY, SHUTDOWN_TIMEOUT_MS: '-1' }, 'SHUTDOWN_TIMEOUT_MS must be greater than or equal to 0'],
  ])('%j is refused: %s', (env, message) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(message);
  });

  test('one message names every wrong setting and shows no value', () => {
    const read = () => readConfig({ API_KEY: 'secret', PORT: 'x', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/API_KEY.*PORT.*LOG_LEVEL|PORT.*API_KEY.*LOG_LEVEL/);
    expect(read).not.toThrow(/secret/);
  });
});
