export { NetworkSection } from './network-section';
export { SettingsScreen } from './settings-screen';
