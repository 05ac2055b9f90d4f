export const embedded = {
  /** The name of a key that the service then has. */
  firstKey: 'First key',
  endedEarly: 'The enforcement service ended while it was starting.',
  startedTooSlowly: 'The enforcement service took too long to start.',
  endedUnexpectedly:
    'The enforcement service on this computer ended unexpectedly. It is being started again; until then no call is let through.',
  listenSetting: 'GATEHOUSE_EMBEDDED_LISTEN must be host:port, for example 127.0.0.1:0, not {{value}}.',
  noAddress: 'There is no address to listen at.',
  addressTaken:
    'The address {{address}} is taken by another program on this computer. Stop that program, then try again.',
  addressesTaken:
    'The addresses {{first}} to {{last}} are all taken by other programs on this computer. Stop one of them, then try again.',
  folderTaken: 'Another Gatehouse service is using the data folder {{folder}}. Stop it, then try again.',
} as const;
