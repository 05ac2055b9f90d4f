export { FirstStartScreen } from './first-start-screen';
export { TokenDialog } from './token-dialog';
