import { DEFAULT_LOG_LIMIT, type LogLimit, logLimitSchema } from '#shared/ipc/log';
import type { Settings } from './settings';

const LOG_LIMIT_SETTING = 'log.limit';

/** The number of rows of each account's log that are kept on this computer. */
export function readLogLimit(settings: Settings): LogLimit {
  return settings.read(LOG_LIMIT_SETTING, logLimitSchema) ?? DEFAULT_LOG_LIMIT;
}

export function writeLogLimit(settings: Settings, limit: LogLimit): void {
  settings.write(LOG_LIMIT_SETTING, limit);
}
