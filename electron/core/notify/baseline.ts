/** The setting of an account's store: what was there at the first connection has been taken as known. */
export const BASELINE_SETTING = 'notifications.baseline';
