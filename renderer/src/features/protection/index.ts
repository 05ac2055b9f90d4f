export { ProtectionView } from './View';
