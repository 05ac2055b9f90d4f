export { LogView } from './View';
