export { ConnectDialog } from './connect-dialog';
export { FirstStartView } from './View';
