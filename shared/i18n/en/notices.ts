export const notices = {
  menuEntryTitle: 'Put Gatehouse into the menu of this desktop?',
  menuEntry:
    'Its windows and notifications have their icon then, and links to a blocked call open here. Settings can change it later.',
  settingsDamagedTitle: 'The settings of this console were damaged',
  settingsDamaged: 'They were set aside as {{file}}, and start afresh. Nothing of the account is lost.',
  profileDamagedTitle: 'The connection settings were damaged',
  profileDamaged: 'They were set aside as {{file}}. Choose again which service this console talks to.',
  storeDamagedTitle: 'The local store was damaged',
  storeSetAside: 'It was set aside as {{files}}, and is being fetched from the service again.',
  storeRescued_one: 'One change that the service does not have yet: rescued.',
  storeRescued_other: '{{count}} changes that the service does not have yet: rescued.',
  storeNothingLost: 'Nothing is lost.',
  storeLost_one: 'One change cannot be read any more; look at what is shown.',
  storeLost_other: '{{count}} changes cannot be read any more; look at what is shown.',
  storeNotOpenedTitle: 'The local store cannot be opened',
  unencryptedTitle: 'The connection is not encrypted',
  unencrypted:
    '{{url}} is reached by plain HTTP: anybody on the way can read and use the access token. Put the service behind HTTPS.',
  clocksTitle: 'Two clocks differ',
  clockAhead:
    'This computer’s clock is {{span}} ahead of the service’s clock. What Gatehouse counts from now, such as “in 1 hour”, goes by the service’s. Set the clock that is wrong.',
  clockBehind:
    'This computer’s clock is {{span}} behind the service’s clock. What Gatehouse counts from now, such as “in 1 hour”, goes by the service’s. Set the clock that is wrong.',
  tokenNotKeptTitle: 'The access token is kept for this session only',
  tokenNotKept:
    'The key store of this desktop was not opened. Without it the token has to be entered again at the next start.',
  diskTrouble:
    'Blocked calls are still announced, and what is new is kept in memory until there is room. Changes cannot be kept until then.',
  storage_full: "This computer's disk is full.",
  storage_quota: "Your share of this computer's disk is used up.",
  storage_read_only: "This computer's disk cannot be written to: it is read-only.",
  storage_denied: 'Gatehouse may not write to its folder on this computer.',
  storage_broken: "This computer's disk does not answer as it should.",
  leftBehindTitle_one: 'A change was not sent',
  leftBehindTitle_other: '{{count}} changes were not sent',
  leftBehind: 'They are for {{name}} and are kept on this computer. Connect to it again to send them.',
  serviceHere: 'the service on this computer',
  ownFaultTitle: 'Gatehouse had an internal error',
  ownFault:
    'It continues. If something no longer responds, quit Gatehouse and start it again. The log in {{folder}} has the details.',
} as const;
