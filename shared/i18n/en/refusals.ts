export const refusals = {
  notConnected: 'The console is not connected to a service.',
} as const;
