export { NetworkSection } from './network-section';
export { SettingsView } from './View';
