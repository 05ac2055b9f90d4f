import './ui/components.css';
import './ui/global.css';
import { createRoot } from 'react-dom/client';
import { setLanguage } from '#shared/i18n/language';
import { App } from './app';
import { pageLanguage, windowKind } from './bridge/page';

setLanguage(pageLanguage());
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root.');
createRoot(root).render(<App kind={windowKind()} />);
