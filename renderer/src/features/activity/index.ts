export { ActivityView } from './View';
