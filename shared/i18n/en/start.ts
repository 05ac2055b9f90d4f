export const start = {
  cannotStart: 'Gatehouse cannot start',
  cannotStartBecause: 'Gatehouse cannot start: {{why}}',
  alreadyRunning: 'Gatehouse is already running. Its window comes to the front.',
  needsToWrite: '{{why}} Gatehouse keeps its data in {{folder}}, and needs to write there.',
  lockIsNone:
    'The lock of the folder {{folder}} cannot be taken: SingletonLock in it is not a lock. Remove it, then try again.',
  lockedElsewhere:
    'The folder {{folder}} is in use by a Gatehouse on {{host}}. Quit that one, then try again.',
  folderOfAnother: 'The folder {{folder}} belongs to another user.',
  fileOfAnother: '{{file}} was put there by another user. Take it away, then try again.',
  newerData:
    'The data of this console were written by a newer version of Gatehouse (schema {{version}}; this version knows {{known}}). Start the newer version, or keep other data with --user-data-dir=FOLDER. Nothing was changed.',
  internalError: 'Gatehouse had an internal error and continues: {{why}}',
  serviceListens: 'The service listens at {{url}}.',
  tryIt: 'Try it:',
  picture: 'A picture of the window is in {{path}}.',
  noKeyStore: 'This desktop has no key store such as GNOME Keyring or KWallet.',
  /** What the desktop’s menu says about the program. */
  inMenu: 'Decide from which IP addresses API keys may be used',
  /** What the desktop’s list of programs that start at login says about this one. */
  atLogin: 'Tells you about blocked addresses',
} as const;
