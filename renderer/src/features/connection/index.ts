export { ConnectDialog } from './connect-dialog';
export { FirstStartScreen } from './first-start-screen';
