import {
  IconAlertTriangle,
  IconKeyOff,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
} from '@tabler/icons-react';
import type { Connection } from '#shared/ipc/connection';

export const CONNECTION_ICONS: Readonly<Record<Connection['kind'], typeof IconPlugConnected>> = {
  none: IconPlugConnectedX,
  connecting: IconRefresh,
  online: IconPlugConnected,
  unreachable: IconPlugConnectedX,
  unauthorized: IconKeyOff,
  failed: IconAlertTriangle,
};
