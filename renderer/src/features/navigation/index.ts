export { AccountLine } from './account-line';
export { SCREEN_ORDER } from './model';
export { Navigation } from './navigation';
