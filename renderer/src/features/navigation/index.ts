export { NavigationView } from './View';
