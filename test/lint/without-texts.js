/** Rooms that speak to programs: queries, formats of files and messages of other systems. */
export const WITHOUT_TEXTS = [
  'electron/core/api/client.ts',
  'electron/platform/app-protocol/serve-asset.ts',
  'electron/platform/embedded-service.ts',
  'electron/platform/login-item/autostart-entry.ts',
  'electron/platform/login-item/menu-entry.ts',
  'electron/platform/notifications/bus-connection.ts',
  'electron/platform/notifications/notification-service.ts',
  'electron/platform/notifications/running-server.ts',
  'electron/platform/notifications/windows-toast.ts',
  'electron/platform/unseen.ts',
  'electron/platform/vault/key-store-helper.ts',
  'renderer/src/ui/theme.tsx',
  'shared/ipc/notifications.ts',
];
