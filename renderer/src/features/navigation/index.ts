export { AccountLine } from './account-line';
export { Navigation } from './navigation';
